import { route } from "../page/router.ts";
import { say } from "../words/say.ts";
import { forgetKept, isWorthKeeping, keepAnswer, keptAnswer } from "./answers/kept.ts";

/** What a server refused (RFC 9457), or that it did not answer. */
export class Problem extends Error {
  /** The codes of ayo; `offline` where there was no answer. */
  readonly code: string;
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** The words of the command that helps; none where the server names none. */
  readonly todo: readonly string[];

  constructor(
    status: number,
    code: string,
    message: string,
    { data = {}, todo = [] }: Partial<Pick<Problem, "data" | "todo">> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
    this.todo = todo;
  }

  /** The server does not answer, or is busy or broken: asked again it may well answer. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What a call needs besides its address. */
export interface Call {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: unknown;
  /** The version that a change was made for. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
  /** Where the server cannot be reached, what it answered the last time will do: nothing newer is known. */
  readonly orKept?: boolean;
  /** Told where the store's events stood before the answer was made, if the server says so. */
  readonly onPosition?: (position: string) => void;
}

/** A proxy says that there is no server behind it. */
const GONE = [502, 504];

/**
 * Calls the REST interface for the store that the address of the page names.
 * @throws Problem
 */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  try {
    return await ask<T>(path, options);
  } catch (error) {
    const isAway = error instanceof Problem && error.code === "offline";
    const kept = isAway && options.orKept === true ? await keptAnswer<T>(path) : undefined;
    if (kept === undefined) throw error;
    return kept;
  }
}

async function ask<T>(path: string, { method, body, ifMatch, signal, onPosition }: Call): Promise<T> {
  const how = method ?? (body === undefined ? "GET" : "POST");
  const response = await send(`/api${path}${storeQuery(path)}`, {
    method: how,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  // Half an answer, of a request that was given up or a connection that broke, is none.
  if (response.ok) {
    const text = await whole(response, signal);
    const answer = parsed(text) as T;
    if (how === "GET" && isWorthKeeping(path)) void keepAnswer(path, response.headers.get("ayo-store"), text);
    const position = response.headers.get("ayo-position");
    if (position !== null) onPosition?.(position);
    return answer;
  }
  throw await problemOf(response, how);
}

async function problemOf(response: Response, method: string): Promise<Problem> {
  const { status } = response;
  if (GONE.includes(status)) return away(method);
  // What this browser may not read any longer it need not have.
  if (status === 401 || status === 403) await forgetKept();
  // The server has another token than this page: the same address is its page to sign in, and what was typed is kept.
  if (status === 401) location.reload();
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { code = "internal", detail = say.page.answered(status), data, try: todo } = answer;
  return new Problem(status, String(code), String(detail), { data, todo } as Pick<Problem, "data" | "todo">);
}

/** Why something was refused, and what helps. */
export function refusal(error: unknown): string {
  const { message } = error as Error;
  return error instanceof Problem && error.todo.length > 0
    ? say.page.tryCommand(message, error.todo.join(" "))
    : message;
}

async function whole(response: Response, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "offline", say.page.brokenOff);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(0, "offline", say.page.brokenOff);
  }
}

/** The address of a ticket in the interface. */
export function ticketPath(id: string, rest = ""): string {
  return `/tickets/${encodeURIComponent(id)}${rest}`;
}

/** `workflow_id=…` where the page shows another store than the first. */
export function storeQuery(path: string): string {
  const { workflow } = route.get();
  if (workflow === "") return "";
  return `${path.includes("?") ? "&" : "?"}workflow_id=${encodeURIComponent(workflow)}`;
}

async function send(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw away(options.method);
  }
}

function away(method = "GET"): Problem {
  return new Problem(0, "offline", method === "GET" ? say.page.offline : say.page.unchanged);
}
