import { type IncomingHttpHeaders, request } from "node:http";
import { describe, expect, test } from "vitest";
import { ERAS, httpClient, httpServer } from "../helpers/mcpClient.ts";
import { tempStore } from "../helpers/tempStore.ts";

/** Sends one request as no client of ours would; its status and body. */
function raw(url: string, headers: Readonly<Record<string, string>>, body = "", method = "POST") {
  return new Promise<{ status: number | undefined; text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode, text, headers: response.headers }));
    });
    sent.on("error", reject).end(body);
  });
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const initialize = (protocolVersion: string) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "0" } },
  });

describe("ayo mcp --http", () => {
  test("serves clients of both protocols at once, each in its own name", async () => {
    const project = await tempStore();
    const url = await httpServer(project.dir, ["--tools", "all"]);
    const clients = await Promise.all(ERAS.map((era) => httpClient(url, { era, name: `client-${era}` })));
    const made = await Promise.all(
      clients.flatMap(({ call }) => Array.from({ length: 5 }, (_, n) => call("create_ticket", { title: `T${n}` }))),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(10);
    for (const { call } of clients) expect(await call("ticket_stats")).toMatchObject({ total: 10, ready: 10 });
    const subjects = project.subjects().filter((subject) => subject.startsWith("create "));
    expect(subjects.length).toBe(10);
    project.judge();
  });

  test.for([
    ["2025-03-26", 200],
    ["2025-06-18", 400],
    ["2025-11-25", 400],
  ] as const)("a batch is answered in version %s as that version has it", async ([version, status]) => {
    const url = await httpServer((await tempStore()).dir);
    const { headers } = await raw(url, JSON_HEADERS, initialize(version));
    const session = {
      ...JSON_HEADERS,
      "mcp-session-id": String(headers["mcp-session-id"]),
      "mcp-protocol-version": version,
    };
    const ping = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });
    const batch = await raw(url, session, JSON.stringify([ping(2), ping(3)]));
    expect(batch.status).toBe(status);
    if (status === 200) for (const id of [2, 3]) expect(batch.text).toContain(`"id":${id}`);
    else
      expect(JSON.parse(batch.text).error).toMatchObject({
        code: -32_600,
        message: expect.stringContaining("no batches"),
      });
    expect((await raw(url, session, JSON.stringify(ping(4)))).status).toBe(200);
  });

  test.for(ERAS)("tells a client of protocol %s of changes", async (era) => {
    const project = await tempStore();
    const id = await project.ayo("ticket", "create", "One");
    const { client, untilUpdated } = await httpClient(await httpServer(project.dir), { era });
    const uri = `ayo://ticket/${id}`;
    if (era === ERAS[0]) await client.subscribeResource({ uri });
    else
      expect((await client.listen({ resourceSubscriptions: [uri] })).honoredFilter.resourceSubscriptions).toEqual([
        uri,
      ]);
    await project.ayo("ticket", "note", id, "x");
    await untilUpdated(uri);
  });

  test.for([
    ["another host", { host: "evil.example" }, 403],
    ["a host that only begins like ours", { host: "localhost.evil.example" }, 403],
    ["another site's page", { origin: "https://evil.example" }, 403],
    ["a page of a sandbox", { origin: "null" }, 403],
    ["a page of another program on this machine", { host: "localhost:1234", origin: "http://localhost:3000" }, 403],
    ["another site's request without an Origin", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, 403],
    ["a page beside it on this machine", { "sec-fetch-site": "same-site" }, 403],
    ["localhost", { host: "localhost:1234", origin: "http://localhost:1234" }, 200],
  ] as const)("answers %s as it should", async ([, headers, status]) => {
    const { dir } = await tempStore();
    const url = await httpServer(dir);
    const answer = await raw(url, { ...JSON_HEADERS, ...headers }, initialize(ERAS[0]));
    expect(answer.status).toBe(status);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  test("answers what is no request of the protocol with its errors", async () => {
    const { dir } = await tempStore();
    const url = await httpServer(dir);
    const code = (text: string) => JSON.parse(text).error.code;
    const noJson = await raw(url, JSON_HEADERS, "{nope");
    expect([noJson.status, code(noJson.text)]).toEqual([400, -32_700]);
    const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
    const noSession = await raw(url, JSON_HEADERS, list);
    expect([noSession.status, code(noSession.text)]).toEqual([400, -32_000]);
    const lost = await raw(url, { ...JSON_HEADERS, "mcp-session-id": "00000000" }, list);
    expect([lost.status, code(lost.text)]).toEqual([404, -32_001]);
    expect((await raw(url.replace("/mcp", "/other"), JSON_HEADERS, list)).status).toBe(404);
    expect((await raw(url, JSON_HEADERS, " ".repeat(9 * 1024 * 1024))).status).toBe(413);
    expect((await raw(url, { ...JSON_HEADERS, "content-type": "text/plain" }, initialize(ERAS[0]))).status).toBe(415);
  });

  test("ends a session when its client says so", async () => {
    const { dir } = await tempStore();
    const url = await httpServer(dir);
    const { client } = await httpClient(url);
    const session = (client.transport as { readonly sessionId?: string }).sessionId ?? expect.fail();
    const headers = { ...JSON_HEADERS, "mcp-session-id": session };
    expect((await raw(url, headers, "", "DELETE")).status).toBe(200);
    expect((await raw(url, headers, '{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).status).toBe(404);
  });

  test("lets others in only where --host says so, and only with the token", async () => {
    const project = await tempStore();
    const token = "a-token-of-the-team";
    const url = await httpServer(project.dir, ["--host", "0.0.0.0"], { AYO_TOKEN: token });
    const here = `http://127.0.0.1:${new URL(url).port}/mcp`;
    const ask = async (headers: Readonly<Record<string, string>>, at = here, method = "POST") =>
      (await raw(at, { ...JSON_HEADERS, ...headers }, method === "POST" ? initialize(ERAS[0]) : "", method)).status;
    const bearer = { authorization: `Bearer ${token}` };
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${token}x` })).toBe(401);
    expect(await ask({}, `${here}?token=${token}`, "GET")).toBe(401);
    expect(await ask({ ...bearer, host: "evil.example" })).toBe(403);
    expect(await ask({ ...bearer, origin: "https://evil.example" })).toBe(403);
    expect(await ask(bearer)).toBe(200);
    for (const era of ERAS) {
      const { call } = await httpClient(here, { era, token });
      expect(await call("create_ticket", { title: era })).toHaveProperty("id");
      await expect(httpClient(here, { era, token: `${token}x` })).rejects.toThrow();
    }
    expect(project.files().length).toBe(ERAS.length);
  });

  test("makes a token where none is given, and asks for one on this machine where one is", async () => {
    const { dir } = await tempStore();
    const status = async (url: string) => (await raw(url, JSON_HEADERS, initialize(ERAS[0]))).status;
    const open = await httpServer(dir, ["--host", "0.0.0.0"]);
    expect(await status(`http://127.0.0.1:${new URL(open).port}/mcp`)).toBe(401);
    expect(await status(await httpServer(dir, [], { AYO_TOKEN: "a-token-of-the-team" }))).toBe(401);
    expect(await status(await httpServer(dir, ["--token"]))).toBe(401);
    expect(await status(await httpServer(dir, ["--host", "localhost"]))).toBe(200);
  });

  test.each([
    [["--http", "--host", "192.0.2.1", "--port", "0"], {}, "cannot listen"],
    [["--http", "--host", "0.0.0.0", "--port", "0"], { AYO_TOKEN: "short" }, "AYO_TOKEN needs 16 characters"],
    [["--host", "0.0.0.0"], {}, "--host, --port and --token go with --http"],
  ])("refuses %j with %j", async (args, env, fact) => {
    const { run } = await tempStore();
    const { code, stderr } = await run(["mcp", ...args], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining(fact)]);
  });

  test("says when its port is taken", async () => {
    const { dir, run } = await tempStore();
    const port = new URL(await httpServer(dir)).port;
    const { code, stderr } = await run(["mcp", "--http", "--port", port]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(new RegExp(`^error: cannot listen on port ${port}: .*\ntry: ayo mcp --http --port 0\n`)),
    ]);
  });
});
