import { setTimeout as sleep } from "node:timers/promises";
import { type Embedder, wholeText } from "./embedder.ts";

/** An OpenAI-compatible `/embeddings` endpoint: OpenAI, Ollama (`http://localhost:11434/v1`), LM Studio and others. */
export interface EndpointOptions {
  /** Up to and without `/embeddings`. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token, over https or to this machine only. */
  readonly key?: string | undefined;
  /** Asked of models that can give fewer. */
  readonly dimensions?: number | undefined;
  /** Milliseconds that one request may take. */
  readonly timeout: number;
}

/** The endpoint did not answer as it should; the message says what happened, without the key. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/** Texts a request. */
const BATCH = 64;
/** Characters a text: models take some thousand tokens. */
const MAX_TEXT = 8000;
/** Waits before the second and third try, in milliseconds. */
const RETRY_AFTER = [250, 1000];
/** The longest wait that an answer may ask for. */
const MAX_WAIT = 5000;

/**
 * An embedder that asks an endpoint. Its methods throw {@link EndpointError} when it does not answer.
 * @throws EndpointError for an address that a key must not be sent to
 */
export function endpointEmbedder(options: EndpointOptions): Embedder {
  const address = addressOf(options);
  assertKey(options.key);
  const embed = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    const vectors: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += BATCH) {
      vectors.push(...(await request(address, options, texts.slice(from, from + BATCH).map(inputOf))));
    }
    return vectors;
  };
  return {
    provider: "openai-compatible",
    model: [options.model, options.dimensions, address.host].filter((part) => part !== undefined).join("@"),
    floor: 0,
    texts: ({ title, tags, text }) => [wholeText(title, tags, text)],
    embed,
    query: async (text) => (await embed([text]))[0],
    coverage: () => 1,
  };
}

function addressOf({ url, key }: EndpointOptions): URL {
  const address = new URL(`${url.replace(/\/+$/, "")}/embeddings`);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(address.hostname);
  if (key !== undefined && address.protocol !== "https:" && !isLocal) {
    throw new EndpointError(`${address.origin} is not https: the key is not sent there`);
  }
  return address;
}

/** What fetch says of a key that no header can carry has the key in it. */
function assertKey(key: string | undefined): void {
  if (key === undefined || /^[\x21-\x7e]+$/.test(key)) return;
  throw new EndpointError("the key has spaces, line breaks or letters beyond ASCII in it");
}

/** An empty input is refused by some servers. */
function inputOf(text: string): string {
  return text.slice(0, MAX_TEXT).trim() || "-";
}

async function request(address: URL, options: EndpointOptions, input: readonly string[]): Promise<Float32Array[]> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask(address, options, input);
    if ("vectors" in answer) return answer.vectors;
    const wait = RETRY_AFTER[attempt];
    if (wait === undefined || !answer.again) throw new EndpointError(`${address.origin}: ${answer.why}`);
    await sleep(Math.min(Math.max(wait, answer.after), MAX_WAIT));
  }
}

type Answer =
  | { readonly vectors: Float32Array[] }
  | { readonly why: string; readonly again: boolean; readonly after: number };

async function ask(address: URL, options: EndpointOptions, input: readonly string[]): Promise<Answer> {
  const { model, key, dimensions, timeout } = options;
  try {
    const response = await fetch(address, {
      method: "POST",
      // A key and texts must not follow a redirection to somebody else: it is an answer like any other.
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
      headers: { "content-type": "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({ model, input, ...(dimensions === undefined ? {} : { dimensions }) }),
    });
    if (response.ok) return { vectors: vectorsOf(parsed(await response.text()), input.length) };
    const again = response.status === 429 || response.status >= 500;
    const after = Number(response.headers.get("retry-after") ?? 0) * 1000 || 0;
    return { why: `it answered ${response.status}`, again, after };
  } catch (error) {
    if (error instanceof EndpointError) throw error;
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    return { why: isTimeout ? `no answer in ${timeout} ms` : causeOf(error), again: !isTimeout, after: 0 };
  }
}

/** What the parser says of an answer quotes it, and a server may send back what it got. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EndpointError("the answer is no JSON");
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { readonly code?: string } | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}

/** `data[].{index,embedding}`, in whatever order. */
function vectorsOf(json: unknown, count: number): Float32Array[] {
  const { data } = (json ?? {}) as { readonly data?: unknown };
  const rows = Array.isArray(data) ? (data as { readonly index?: number; readonly embedding?: unknown }[]) : [];
  const vectors: Float32Array[] = [];
  for (const [at, { index, embedding }] of rows.entries()) {
    if (Array.isArray(embedding) && embedding.every((value) => Number.isFinite(value))) {
      vectors[index ?? at] = Float32Array.from(embedding as number[]);
    }
  }
  const length = vectors[0]?.length ?? 0;
  for (let at = 0; at < count; at++) {
    if (length === 0 || vectors[at]?.length !== length) {
      throw new EndpointError(`the answer has no embedding for text ${at + 1} of ${count}`);
    }
  }
  return vectors.slice(0, count);
}
