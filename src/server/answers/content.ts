import { type Encoding, encode, encodingFor, isSqueezable } from "./encoding.ts";
import { hashTag, knownTag, tagIn } from "./validators.ts";

/** What a response is made of. */
export interface Content {
  readonly status: number;
  /** `content-type` at the least. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** What is sent instead of the body, as it is made. */
  readonly stream?: AsyncIterable<string>;
  /** It is sent as often as anybody asks, for as long as the server runs. */
  readonly isLasting?: true;
}

/** What was squeezed, for as long as the content is kept. */
const ENCODED = new WeakMap<Content, Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>>();

/** JSON as content, a line of its own in a terminal. */
export function jsonContent(value: unknown): Content {
  return contentOf("application/json; charset=utf-8", `${JSON.stringify(value)}\n`);
}

/** A page as content. */
export function htmlContent(html: string, status = 200): Content {
  return contentOf("text/html; charset=utf-8", html, status);
}

function contentOf(type: string, body: string, status = 200): Content {
  return { status, headers: { "content-type": type, "cache-control": "no-cache" }, body };
}

/** The response to a request: 304 for a client that has what would be sent, else squeezed for one that takes that. */
export async function respond(request: Request, content: Content): Promise<Response> {
  if (content.stream !== undefined) return streamed(request, content, content.stream);
  const { status, body } = content;
  const headers = headersOf(request, content);
  const { etag } = headers;
  const known = etag === undefined ? undefined : knownTag(request.headers.get("if-none-match"), etag);
  if (isRead(request) && status === 200 && known !== undefined) {
    const { "content-type": _, ...kept } = headers;
    return new Response(null, { status: 304, headers: { ...kept, etag: known } });
  }
  const encoding = wantedEncoding(request, content);
  const bytes = encoding === undefined ? body : await encoded(content, encoding);
  return new Response(bytes, {
    status,
    headers: {
      ...headers,
      "content-length": String(typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length),
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      ...(etag === undefined ? {} : { etag: tagIn(etag, encoding) }),
    },
  });
}

/** Sent as it is made; where it cannot be made to the end the connection breaks, so that nobody takes it for whole. */
function streamed({ method }: Request, { status, headers }: Content, stream: AsyncIterable<string>): Response {
  const parts = stream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await parts.return?.()),
  });
  return new Response(method === "HEAD" ? null : body, { status, headers });
}

/** Hashes of bodies, for as long as the content is kept. */
const TAGS = new WeakMap<Content, string>();

function tagOf(content: Content): string {
  const tag = TAGS.get(content) ?? hashTag(content.body);
  TAGS.set(content, tag);
  return tag;
}

function headersOf(request: Request, content: Content): Record<string, string> {
  const { status, headers } = content;
  const { vary } = headers;
  const varies = isSqueezable(headers["content-type"] ?? "")
    ? { vary: ["Accept-Encoding", ...(vary === undefined ? [] : [vary])].join(", ") }
    : {};
  const etag = isRead(request) && status === 200 && headers.etag === undefined ? { etag: tagOf(content) } : {};
  return { ...headers, ...varies, ...etag };
}

function wantedEncoding(request: Request, { headers, body, isLasting }: Content): Encoding | undefined {
  if (!isSqueezable(headers["content-type"] ?? "")) return undefined;
  const size = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  return encodingFor(request.headers.get("accept-encoding"), size, isLasting === true);
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

function encoded(content: Content, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  const known = ENCODED.get(content) ?? new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();
  ENCODED.set(content, known);
  const before = known.get(encoding);
  if (before !== undefined) return before;
  const { body } = content;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const made = encode(bytes, encoding, content.isLasting === true);
  known.set(encoding, made);
  made.catch(() => known.delete(encoding));
  return made;
}
