import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { inputText } from "../actions/input/inputText.ts";

/** A larger request is no tool call: in bytes. */
export const MAX_BODY = 8 * 1024 * 1024;

/**
 * A request of node:http as the web's.
 * @throws RangeError for a body over {@link MAX_BODY}, bad_input for one that is not UTF-8
 */
export async function webRequest(request: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const { method = "GET", url = "/", headers, rawHeaders } = request;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    // Who is cut off in the middle of sending does not read the answer.
    if (size <= MAX_BODY) parts.push(part as Buffer);
  }
  if (size > MAX_BODY) throw new RangeError(`a request of more than ${MAX_BODY} bytes`);
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, at): [string, string] => [
    rawHeaders[2 * at] ?? "",
    rawHeaders[2 * at + 1] ?? "",
  ]);
  const hasBody = method !== "GET" && method !== "HEAD";
  if (hasBody) inputText(Buffer.concat(parts), "the body");
  return new Request(`http://${headers.host ?? "localhost"}${url}`, {
    method,
    headers: pairs,
    signal,
    ...(hasBody ? { body: Buffer.concat(parts) } : {}),
  });
}

/** Sends a web response; a stream is sent as it comes, and cancelled when the client leaves. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  const body = Readable.fromWeb(answer.body as ReadableStream);
  body.on("error", () => response.destroy());
  response.on("close", () => body.destroy());
  body.pipe(response);
}
