import { isUtf8 } from "node:buffer";
import { Transform, type Writable } from "node:stream";
import { inputText } from "../actions/input/inputText.ts";
import { AyoError } from "../error.ts";

const NEWLINE = 10;
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
/** The one version of the protocol that has batches. */
export const WITH_BATCHES = "2025-03-26";

/**
 * Passes on the lines of a protocol that are messages; the others are answered with an error on `output`, under their
 * id as far as that can be read: what is no UTF-8, which the library would read with other characters in it, no JSON,
 * or a batch in a version of the protocol that has none. Where it has, its messages are passed on one by one.
 */
export function messageLines(output: Writable): Transform {
  let rest: Buffer[] = [];
  const batches = { allowed: false };
  const take = (stream: Transform, line: Buffer): void => {
    if (line.toString("latin1").trim() === "") return;
    const message = isUtf8(line) ? parsed(line) : undefined;
    const refusal = message === undefined ? refusalOf(line) : pass(stream, line, message, batches);
    if (refusal !== undefined) output.write(`${JSON.stringify(refusal)}\n`);
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        take(this, Buffer.concat([...rest, chunk.subarray(start, end + 1)]));
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
      done();
    },
    flush(done) {
      if (rest.length > 0) take(this, Buffer.concat(rest));
      done();
    },
  });
}

/** Passes a message on, or those of a batch; returns what is answered instead. */
function pass(stream: Transform, line: Buffer, message: unknown, batches: { allowed: boolean }): unknown {
  if (!Array.isArray(message)) {
    const { method, params } = (message ?? {}) as Message;
    if (method === "initialize") batches.allowed = params?.protocolVersion === WITH_BATCHES;
    stream.push(line);
    return undefined;
  }
  if (!batches.allowed || message.length === 0) return refusedBatch(message);
  for (const one of message) stream.push(`${JSON.stringify(one)}\n`);
  return undefined;
}

/** What of a message is looked at here. */
interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly protocolVersion?: unknown };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

function errorOf(id: unknown, code: number, message: string): Readonly<Record<string, unknown>> {
  return { jsonrpc: "2.0", id, error: { code, message } };
}

/** An error for each call of a batch, so that nobody waits for an answer. */
function refusedBatch(batch: readonly unknown[]): unknown {
  const why = "this version of MCP has no batches: send one message a line";
  const ids = batch.flatMap((one) => (one as Message | null)?.id ?? []);
  return ids.length === 0 ? errorOf(null, INVALID_REQUEST, why) : ids.map((id) => errorOf(id, INVALID_REQUEST, why));
}

function refusalOf(line: Buffer): Readonly<Record<string, unknown>> {
  return errorOf(idOf(line), PARSE_ERROR, isUtf8(line) ? "the message is no JSON" : whyNot(line));
}

function whyNot(line: Buffer): string {
  try {
    return inputText(line, "the message");
  } catch (error) {
    if (error instanceof AyoError) return error.message;
    throw error;
  }
}

function idOf(line: Buffer): string | number | null {
  try {
    const { id } = JSON.parse(line.toString("utf8")) as { readonly id?: unknown };
    return typeof id === "string" || typeof id === "number" ? id : null;
  } catch {
    return null;
  }
}
