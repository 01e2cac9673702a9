import type { HttpAnswer, HttpClient } from "../http.ts";
import { header, limited } from "../limited.ts";
import { TrackerError } from "../provider.ts";
import { type Tries, tried } from "../tries.ts";

/** Where Linear answers. */
export const LINEAR_URL = "https://api.linear.app/graphql";

/** How Linear is asked. */
export interface AskOptions extends Tries {
  readonly url: string;
  /** A personal key or an OAuth token. */
  readonly key: string;
  readonly http: HttpClient;
}

/** Asks one operation; what it answers is its `data`. */
export type Ask = <T>(operation: string, variables: Readonly<Record<string, unknown>>) => Promise<T>;

/** Requests that are left for others who use the same key. */
const FLOOR = 20;

/**
 * A way to ask Linear. What only reads is tried again; what writes is sent once, and where no answer came the error is
 * `ambiguous`.
 * @throws TrackerError for a key that no header can carry, and for an address where it could be read on the way
 */
export function linearAsk(options: AskOptions): Ask {
  const url = new URL(options.url);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !isLocal) {
    throw new TrackerError("auth", `${url.origin} is not https: the key is not sent there`);
  }
  if (!/^[\x21-\x7e]+$/.test(options.key)) {
    throw new TrackerError("auth", "LINEAR_API_KEY has spaces, line breaks or letters beyond ASCII in it");
  }
  const headers = {
    "Content-Type": "application/json",
    Authorization: options.key.startsWith("lin_oauth_") ? `Bearer ${options.key}` : options.key,
  };
  let spent: TrackerError | undefined;
  return async <T>(operation: string, variables: Readonly<Record<string, unknown>>): Promise<T> => {
    const isWrite = operation.startsWith("mutation");
    const body = JSON.stringify({ query: operation, variables });
    const once = async (): Promise<T> => {
      if (spent !== undefined && (spent.until ?? 0) > options.now()) throw spent;
      spent = undefined;
      if (isWrite) options.mayWrite?.();
      const answer = await options.http.post(url, headers, body);
      spent = nearlySpent(answer, options.now());
      return readAnswer(answer, isWrite, options) as T;
    };
    return await tried(once, isWrite, options);
  };
}

/** How long a limit lasts; Linear's clock is another one than ours. */
function lastsFor(answer: HttpAnswer, now: number): number {
  const after = Number(header(answer, "retry-after"));
  if (after >= 0) return after * 1000;
  const theirs = Date.parse(header(answer, "date") ?? "");
  const reset = Number(header(answer, "x-ratelimit-requests-reset"));
  return reset > 0 ? Math.max(0, reset - (Number.isNaN(theirs) ? now : theirs)) : 60_000;
}

function nearlySpent(answer: HttpAnswer, now: number): TrackerError | undefined {
  const left = header(answer, "x-ratelimit-requests-remaining");
  if (left === undefined || !(Number(left) <= FLOOR)) return undefined;
  return limited(`Linear lets this key ask only ${left} times more`, lastsFor(answer, now), now);
}

interface GraphqlError {
  readonly message?: string;
  readonly extensions?: { readonly code?: string; readonly userPresentableMessage?: string };
}

function readAnswer(answer: HttpAnswer, isWrite: boolean, options: AskOptions): unknown {
  const { status, text } = answer;
  const parsed = parse(text);
  const errors = parsed?.errors;
  if (errors !== undefined) throw errorOf(answer, errors[0] ?? {}, isWrite, options);
  if (status === 200 && parsed?.data !== undefined && parsed.data !== null) return parsed.data;
  throw errorOf(answer, { message: `an answer with status ${status}` }, isWrite, options);
}

function parse(text: string): { data?: unknown; errors?: readonly GraphqlError[] } | undefined {
  try {
    const value = JSON.parse(text) as { data?: unknown; errors?: readonly GraphqlError[] } | null;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const WRONG_KEY =
  "LINEAR_API_KEY is wrong, or was taken back. Make another in Linear (Settings, Security & access) and put it there";

function notForKey(said: string, isWrong: boolean): TrackerError {
  return new TrackerError("auth", isWrong ? `${said}: ${WRONG_KEY}` : said);
}

/** What Linear's words mean. Its status says little: limits come as 400, errors also as 200. */
function errorOf(answer: HttpAnswer, error: GraphqlError, isWrite: boolean, options: AskOptions): TrackerError {
  const code = error.extensions?.code ?? "";
  const raw = error.extensions?.userPresentableMessage || error.message || code;
  const both = `${error.message} ${raw}`;
  const said = `Linear: ${raw
    .replaceAll(options.key, "…")
    .replaceAll(/\p{Cc}+/gu, " ")
    .slice(0, 300)}`;
  const { status } = answer;
  if (code === "RATELIMITED" || status === 429) {
    return limited(said, lastsFor(answer, options.now()), options.now());
  }
  const isWrong = status === 401 || code === "AUTHENTICATION_ERROR";
  if (isWrong || status === 403 || code === "FORBIDDEN") return notForKey(said, isWrong);
  if (/conflict on insert|already exists/i.test(both)) return new TrackerError("exists", said);
  // What an input names may be missing too: that is a refusal, and the item is there.
  if (/entity not found(?!: (?:workflowstate|user|issuelabel|team))/i.test(both)) return new TrackerError("gone", said);
  if (code === "USAGE_LIMIT_EXCEEDED" || /usage limit|issue limit/i.test(both)) return new TrackerError("quota", said);
  if (
    code === "INPUT_ERROR" ||
    /entity not found/i.test(both) ||
    code === "GRAPHQL_VALIDATION_FAILED" ||
    code === "INVALID_INPUT"
  ) {
    return new TrackerError("refused", said);
  }
  return new TrackerError(isWrite || status >= 500 || status === 200 ? "ambiguous" : "broken", said);
}
