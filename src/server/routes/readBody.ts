import { describeInput } from "../../actions/input/describeInput.ts";
import { inputText } from "../../actions/input/inputText.ts";
import { AyoError } from "../../error.ts";
import { MAX_ATTACHMENT } from "../../ticket/attachments.ts";
import { memberFault } from "../../ticket/output/memberTexts.ts";
import { HttpProblem } from "../problem.ts";
import { PATCH_TYPE } from "./clearing.ts";
import type { Route } from "./route.ts";

/** Larger requests are refused, in bytes. */
export const MAX_BODY = 1024 * 1024;

/** So much more than is allowed is read and thrown away before it is refused, in bytes. */
const HEARD_OUT = 32 * MAX_BODY;

/** The same for lists of tickets that are taken over. */
const MAX_LINES = 64 * MAX_BODY;
/** The type of JSON lines. */
export const LINES_TYPE = "application/x-ndjson";

interface BodyOptions {
  readonly mayBeNone?: boolean;
  readonly atMost?: number;
  readonly isPatch?: boolean;
}

/** What a request sends: JSON, or where a route takes them JSON lines, which an export gives, or the bytes of a file. */
export async function readBodyOf(route: Route, request: Request): Promise<Record<string, unknown>> {
  const { method, takesLines, takesBytes } = route;
  if (takesBytes !== undefined) {
    const bytes = await readBody(request, MAX_ATTACHMENT);
    return { [takesBytes]: Buffer.from(bytes).toString("base64") };
  }
  const atMost = takesLines === undefined ? MAX_BODY : MAX_LINES;
  if (takesLines === undefined || mediaType(request) !== LINES_TYPE) {
    return readJson(route, request, { mayBeNone: method === "delete", atMost, isPatch: method === "patch" });
  }
  return { [takesLines]: inputText(await readBody(request, atMost), "the body") };
}

/** What a request says its body is. */
export function mediaType({ headers }: Request): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The JSON object of a request that calls no action. */
export function readObject(request: Request): Promise<Record<string, unknown>> {
  return readJson(undefined, request);
}

/** The JSON object of a request, which says that it is one; an empty body counts as {}. */
async function readJson(
  route: Route | undefined,
  request: Request,
  { mayBeNone = false, atMost = MAX_BODY, isPatch = false }: BodyOptions = {},
): Promise<Record<string, unknown>> {
  const bytes = await readBody(request, atMost);
  if (mayBeNone && bytes.length === 0) return {};
  const type = mediaType(request);
  if (type !== "application/json" && !/^application\/[\w.-]+\+json$/.test(type)) {
    const sent = type === "" ? "without a content-type" : `as '${type}'`;
    throw new HttpProblem("unsupported_media_type", `send {} or more as application/json, not ${sent}`, {
      ...(isPatch ? { "accept-patch": `application/json, ${PATCH_TYPE}` } : { "accept-post": "application/json" }),
    });
  }
  if (bytes.length === 0) return {};
  const text = inputText(bytes, "the body").replace(/^\uFEFF/, "");
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw bad("the body is JSON, but not an object");
  if (route !== undefined) assertWhole(route, text);
  return value as Record<string, unknown>;
}

/**
 * What work made is kept as it is: where the parser would keep something else of it, it is refused, as on every face.
 * @throws output_invalid
 */
function assertWhole({ action }: Route, text: string): void {
  if (!text.includes("output")) return;
  for (const { name, isJson, isRecord, isObjects } of describeInput(action.input)) {
    const isAny = isJson === true && isRecord !== true;
    // What the operations of a batch hand in lies in a list of objects.
    const fault = isAny ? memberFault(text, name) : isObjects === true ? memberFault(text, "output", 3) : undefined;
    if (fault === undefined) continue;
    const where = fault.pointer === "" ? "the output" : `the output: ${fault.pointer}`;
    throw new AyoError("output_invalid", `${where} ${fault.message}`, { data: { field: "output", errors: [fault] } });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(`the body is not JSON: ${(error as Error).message}`);
  }
}

/**
 * The bytes of a request. What is too long is heard out, if that is not too much: a client that still sends when it is
 * refused may see the connection break before it reads why, and take the server for gone.
 * @throws HttpProblem too_large
 */
async function readBody({ body, headers }: Request, atMost: number): Promise<Uint8Array> {
  const tooLarge = (more: Readonly<Record<string, string>>): HttpProblem =>
    new HttpProblem("too_large", `a request has at most ${atMost} bytes`, more);
  const told = Number(headers.get("content-length"));
  if (told > atMost + HEARD_OUT) throw tooLarge({ connection: "close" });
  if (body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > atMost + HEARD_OUT) throw tooLarge({ connection: "close" });
    if (size > atMost || told > atMost) parts.length = 0;
    else parts.push(part);
  }
  if (size > atMost) throw tooLarge({});
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
}

function bad(message: string): AyoError {
  return new AyoError("bad_input", message, { data: { field: "body" } });
}
