import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { endpointEmbedder } from "../../../src/search/meaning/endpoint.ts";

interface Request {
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly input: readonly string[] };
}

interface Answer {
  readonly status: number;
  readonly json?: unknown;
  /** Instead of JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Reply = (request: Request, count: number) => Answer;

/** A server on this machine that answers as told and remembers what it was asked. */
async function endpoint(reply: Reply): Promise<{ readonly url: string; readonly requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer(async (message: IncomingMessage, response) => {
    let text = "";
    for await (const chunk of message) text += chunk;
    const request = { authorization: message.headers.authorization, body: JSON.parse(text) };
    requests.push(request);
    const { status, json, text: plain, headers } = reply(request, requests.length);
    if (status === 0) return;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(plain ?? JSON.stringify(json ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

const vectors = ({ body }: Request) => ({
  data: body.input.map((text, index) => ({ index, embedding: [text.length, 1] })).reverse(),
});
const options = { model: "m", timeout: 5000 };

describe("an OpenAI-compatible endpoint", () => {
  test("is asked in batches, with the key, and answers in any order", async () => {
    const { url, requests } = await endpoint((request) => ({ status: 200, json: vectors(request) }));
    const texts = Array.from({ length: 130 }, (_, n) => "x".repeat(n + 1));
    const made = await endpointEmbedder({ ...options, url, key: "secret" }).embed(texts);
    expect(made.map(([first]) => first)).toEqual(texts.map(({ length }) => length));
    expect(requests.map(({ body }) => body.input.length)).toEqual([64, 64, 2]);
    expect(requests.map(({ authorization }) => authorization)).toEqual(Array(3).fill("Bearer secret"));
  });

  test("is asked again after 429 and 5xx", async () => {
    const { url, requests } = await endpoint((request, count) =>
      count < 3 ? { status: count === 1 ? 429 : 503 } : { status: 200, json: vectors(request) },
    );
    expect(await endpointEmbedder({ ...options, url }).query("ab")).toEqual(Float32Array.of(2, 1));
    expect(requests).toHaveLength(3);
  });

  test.each([
    ["401", { status: 401 }, "it answered 401", 1],
    ["too few vectors", { status: 200, json: { data: [] } }, "no embedding for text 1 of 1", 1],
    ["no vectors", { status: 200, json: { data: [{ embedding: ["a"] }] } }, "no embedding for text 1 of 1", 1],
    ["silence", { status: 0 }, "no answer in 300 ms", 1],
  ])("%s is an error", async (_, answer, message, asked) => {
    const { url, requests } = await endpoint(() => answer);
    const timeout = answer.status === 0 ? 300 : 5000;
    await expect(endpointEmbedder({ ...options, url, timeout }).query("a")).rejects.toThrow(message);
    expect(requests).toHaveLength(asked);
  });

  test("a key is not sent over plain http to another machine", () => {
    const remote = { ...options, url: "http://embeddings.example/v1" };
    expect(() => endpointEmbedder({ ...remote, key: "secret" })).toThrow("the key is not sent there");
    expect(endpointEmbedder(remote).provider).toBe("openai-compatible");
  });

  test.each([301, 302, 303, 307, 308])(
    "a redirection (%i) is not followed, by the key or by the texts",
    async (status) => {
      const other = await endpoint((request) => ({ status: 200, json: vectors(request) }));
      const { url, requests } = await endpoint(() => ({ status, headers: { location: `${other.url}/embeddings` } }));
      const asked = endpointEmbedder({ ...options, url, key: "secret" }).query("a");
      await expect(asked).rejects.toThrow(`it answered ${status}`);
      expect([requests.length, other.requests]).toEqual([1, []]);
    },
  );

  test("no error says the key: not one about an answer that repeats it, nor one about the key itself", async () => {
    const { url } = await endpoint(({ authorization }) => ({ status: 200, text: `${authorization}` }));
    const embedder = endpointEmbedder({ ...options, url, key: "sk-marked" });
    const said = await embedder.query("a").catch((error: Error) => error.message);
    expect(said).toBe("the answer is no JSON");
    for (const key of ["sk-marked\nx: y", "sk-marked 2", "sk-märked"]) {
      expect(() => endpointEmbedder({ ...options, url, key })).toThrow(/^the key has spaces, line breaks or letters/);
    }
  });
});
