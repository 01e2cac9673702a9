import { AyoError, ERROR_CODES, type ErrorCode, refusedBySystem } from "../error.ts";
import type { Content } from "./answers/content.ts";

/** What only a server can refuse, with its HTTP status. */
const HTTP_CODES = {
  unauthorized: 401,
  forbidden_host: 403,
  forbidden_origin: 403,
  no_such_route: 404,
  method_not_allowed: 405,
  request_running: 409,
  outcome_unknown: 409,
  too_large: 413,
  unsupported_media_type: 415,
  key_reused: 422,
  too_many_guesses: 429,
  too_many_streams: 503,
} as const;

/** A stable name for what went wrong, on every face of ayo or by HTTP alone. */
export type ProblemCode = ErrorCode | keyof typeof HTTP_CODES;

/** Every code with its HTTP status, for the description of the interface. */
export const PROBLEM_CODES: ReadonlyMap<ProblemCode, number> = new Map<ProblemCode, number>([
  ...Object.entries(ERROR_CODES).map(([code, [, http]]) => [code as ErrorCode, http] as const),
  ...(Object.entries(HTTP_CODES) as [keyof typeof HTTP_CODES, number][]),
]);

/** Refused before any action was called. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.headers = headers;
  }
}

/**
 * An error as RFC 9457 wants it, with our `code`, `data` and `try`. What is our own bug tells nothing of our insides;
 * `onBug` hears of it.
 */
export function problemContent(error: unknown, path: string, onBug: (text: string) => void): Content {
  if (error instanceof HttpProblem) return content(error.code, error.message, path, {}, error.headers);
  if (error instanceof AyoError && error.code !== "internal") {
    const { code, message, data } = error;
    const more = { ...(data === undefined ? {} : { data }), ...(error.try === undefined ? {} : { try: error.try }) };
    return content(code, message, path, more);
  }
  const refused = refusedBySystem(error);
  if (refused !== undefined) return problemContent(refused, path, onBug);
  onBug(`${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return content("internal", "this is a bug in ayo; the server's own output says more", path);
}

function content(
  code: ProblemCode,
  detail: string,
  instance: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Content {
  const status = PROBLEM_CODES.get(code) ?? 500;
  const type = `/api/docs#error-${code}`;
  const retry: Record<string, string> = status === 503 ? { "retry-after": "1" } : {};
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...retry, ...headers },
    body: `${JSON.stringify({ type, title: code.replaceAll("_", " "), status, detail, instance, code, ...more })}\n`,
  };
}
