import type { HttpAnswer, HttpClient, HttpRequest } from "../http.ts";
import { header, limited } from "../limited.ts";
import { TrackerError } from "../provider.ts";
import { type Tries, tried } from "../tries.ts";
import { asKept, type Etags, isKeepable } from "./etags.ts";
import { paced } from "./paced.ts";

/** Where GitHub answers. */
export const GITHUB_URL = "https://api.github.com";

/** How GitHub is asked. */
export interface AskOptions extends Tries {
  /** Also that of a GitHub of one's own: `https://github.example/api/v3`. */
  readonly url: string;
  readonly key: string;
  readonly http: HttpClient;
  /** The repository's number: what was moved to another is not followed. */
  readonly repoId?: number | undefined;
  /** Answers that were kept: what is still the same costs nothing of the limit. */
  readonly etags?: Etags | undefined;
  /** Milliseconds between things that are made, when they are many; 0 for none. */
  readonly pause: number;
}

/** An answer. */
export interface Said<T> {
  /** What it says; undefined where it says nothing, and where `isMoved`. */
  readonly value: T;
  /** Where the next page is, the one before, and the last one, as GitHub says it. */
  readonly next: string | undefined;
  readonly prev?: string | undefined;
  readonly last?: string | undefined;
  /** GitHub's clock, in milliseconds since 1970; undefined where it does not tell. */
  readonly at: number | undefined;
  /** It is in another repository now. */
  readonly isMoved: boolean;
}

/** What is asked. */
export interface Step {
  readonly method: HttpRequest["method"];
  /** Below the address, or a whole address that GitHub gave. */
  readonly path: string;
  readonly body?: unknown;
}

/** Asks one thing. */
export type Ask = <T>(step: Step) => Promise<Said<T>>;

/** Requests that are left for others who use the same key. */
const FLOOR = 20;
/** How long a limit that does not say its end is waited for: GitHub asks for a minute. */
const MINUTE = 60_000;

/**
 * A way to ask GitHub. What only reads is tried again; what writes is sent once, and where no answer came the error is
 * `ambiguous`.
 * @throws TrackerError for a key that no header can carry, and for an address where it could be read on the way
 */
export function githubAsk(options: AskOptions): Ask {
  const base = new URL(options.url);
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(base.hostname);
  if (base.protocol !== "https:" && !isLocal) {
    throw new TrackerError("auth", `${base.origin} is not https: the key is not sent there`);
  }
  if (!/^[\x21-\x7e]+$/.test(options.key)) {
    throw new TrackerError("auth", "GITHUB_TOKEN has spaces, line breaks or letters beyond ASCII in it");
  }
  const headers = {
    Accept: "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    // GitHub refuses whoever does not say its name.
    "User-Agent": "ayo",
    Authorization: `Bearer ${options.key}`,
  };
  const pace = paced(options.pause);
  let spent: TrackerError | undefined;
  return async <T>({ method, path, body }: Step): Promise<Said<T>> => {
    const isWrite = method !== "GET";
    const url = addressOf(base, path);
    const json = body === undefined ? undefined : JSON.stringify(body);
    const all = json === undefined ? headers : { ...headers, "Content-Type": "application/json" };
    const follows = (to: URL): boolean => !isElsewhere(to, options.repoId);
    const kept = isWrite ? undefined : options.etags?.find(url.href);
    const asked = kept === undefined ? all : { ...all, "If-None-Match": kept.etag };
    const once = async (): Promise<Said<T>> => {
      if (spent !== undefined && (spent.until ?? 0) > options.now()) throw spent;
      spent = undefined;
      if (makes(method, path)) await pace();
      if (isWrite) options.mayWrite?.();
      const answer = asKept(await options.http.send({ method, url, headers: asked, body: json, follows }), kept);
      spent = nearlySpent(answer, options.now());
      const said = readAnswer<T>(answer, isWrite, options);
      const etag = header(answer, "etag");
      if (!isWrite && answer.status === 200 && etag !== undefined && isKeepable(url, said))
        options.etags?.keep(url.href, { etag, text: answer.text, link: header(answer, "link") });
      return said;
    };
    return await tried(once, isWrite, options);
  };
}

/** Whether something is made that people are told of: GitHub holds that to a measure of its own. */
const makes = (method: Step["method"], path: string): boolean =>
  method === "POST" && /\/(?:issues|comments)$/.test(path);

/** A page goes on where GitHub says, and nowhere but at GitHub. */
function addressOf(base: URL, path: string): URL {
  const url = path.startsWith("/") ? new URL(`${base.href.replace(/\/$/, "")}${path}`) : new URL(path);
  if (url.origin === base.origin) return url;
  throw new TrackerError("broken", `GitHub: a page goes on at ${url.origin}: not followed`);
}

/** Repositories that were renamed are followed, issues that were transferred are not. */
function isElsewhere({ pathname }: URL, repoId: number | undefined): boolean {
  const [, id] = /\/repositories\/(\d+)(?:\/|$)/.exec(pathname) ?? [];
  return id !== undefined && repoId !== undefined && Number(id) !== repoId;
}

function clockOf(answer: HttpAnswer): number | undefined {
  const at = Date.parse(header(answer, "date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}

/** How long a limit lasts; GitHub's clock is another one than ours. */
function lastsFor(answer: HttpAnswer, now: number): number {
  const after = header(answer, "retry-after");
  if (after !== undefined && Number(after) >= 0) return Number(after) * 1000;
  const reset = Number(header(answer, "x-ratelimit-reset")) * 1000;
  const isSpent = header(answer, "x-ratelimit-remaining") !== undefined && reset > 0;
  return isSpent ? Math.max(0, reset - (clockOf(answer) ?? now)) : MINUTE;
}

function nearlySpent(answer: HttpAnswer, now: number): TrackerError | undefined {
  const left = header(answer, "x-ratelimit-remaining");
  if (left === undefined || !(Number(left) <= FLOOR)) return undefined;
  return limited(`GitHub lets this key ask only ${left} times more`, lastsFor(answer, now), now);
}

/** Whether a status says where else a thing is: 304 says that it is as it was. */
const isElsewhereSaid = (status: number): boolean => status >= 301 && status <= 308 && status !== 304;

function readAnswer<T>(answer: HttpAnswer, isWrite: boolean, options: AskOptions): Said<T> {
  const { status, text } = answer;
  const isMoved = isElsewhereSaid(status) && !isWrite;
  const pages = linksIn(header(answer, "link") ?? "");
  const said = { next: pages.next, prev: pages.prev, last: pages.last, at: clockOf(answer), isMoved };
  if (isMoved || (status >= 200 && status < 300 && text === "")) return { ...said, value: undefined as T };
  const value = parse(text);
  if (status >= 200 && status < 300 && value !== undefined) return { ...said, value: value as T };
  throw errorOf(answer, (value ?? {}) as Trouble, options);
}

/** The addresses in a header, by what they are. */
function linksIn(link: string): Readonly<Record<string, string | undefined>> {
  const found = link.matchAll(/<([^<>]+)>;\s*rel="(\w+)"/g);
  return Object.fromEntries([...found].map(([, url = "", rel = ""]) => [rel, url]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface Trouble {
  readonly message?: unknown;
  readonly errors?: unknown;
}

/** What GitHub says went wrong, in one line, without the key. */
function sentenceOf({ message, errors }: Trouble, status: number, key: string): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  const more = typeof first === "object" && first !== null ? Object.values(first).join(" ") : (first ?? "");
  const raw = typeof message === "string" ? `${message} ${more}` : `an answer with status ${status}`;
  return `GitHub: ${raw
    .replaceAll(key, "…")
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 300)}`;
}

const WRONG_TOKEN =
  "the token is wrong, or has run out. Put a new one into GITHUB_TOKEN; one that comes from gh, 'gh auth login' makes anew";
/** What GitHub says to a token that may do less; who may not for other reasons, such as an archive, is told those. */
const RIGHTS = /not accessible by|must have .*(?:rights|access)|insufficient|scope/i;
const FEW_RIGHTS =
  "the token may not do that. A fine-grained one needs 'Issues: read and write' for this repository, another one the scope repo";

function errorOf(answer: HttpAnswer, trouble: Trouble, options: AskOptions): TrackerError {
  const { status } = answer;
  const said = sentenceOf(trouble, status, options.key);
  if (isLimit(answer, said)) return limited(said, lastsFor(answer, options.now()), options.now());
  if (status === 403 && /\blocked\b/i.test(said))
    return new TrackerError("refused", `${said} When it is unlocked, 'ayo sync github --whole' sends it again`);
  if (status === 401) return new TrackerError("auth", `${said}: ${WRONG_TOKEN}`);
  if (status === 403) return new TrackerError("auth", RIGHTS.test(said) ? `${said}: ${FEW_RIGHTS}` : said);
  if (status === 404 || status === 410 || status === 451 || isElsewhereSaid(status)) {
    return new TrackerError("gone", said);
  }
  if (status === 400 || status === 409 || status === 413 || status === 422) return new TrackerError("refused", said);
  return new TrackerError(status >= 500 || status < 300 ? "ambiguous" : "broken", said);
}

/** The first limit is told by what is left of it, the second by its words or by when it ends. */
function isLimit(answer: HttpAnswer, said: string): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  const isTold = header(answer, "retry-after") !== undefined || header(answer, "x-ratelimit-remaining") === "0";
  return isTold || /rate limit|abuse/i.test(said);
}
