import { route } from "../page/router.ts";

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
}

/**
 * Calls the REST interface for the store that the address of the page names.
 * @throws Problem
 */
export async function call<T>(path: string, { method, body, ifMatch, signal }: Call = {}): Promise<T> {
  const response = await send(`/api${path}${storeQuery(path)}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  // Half an answer, of a request that was given up or a connection that broke, is none.
  if (response.ok) return (await whole(response, signal)) as T;
  // The server has another token than this page: the same address is its page to sign in, and what was typed is kept.
  if (response.status === 401) location.reload();
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { code = "internal", detail = `the server answered ${response.status}`, data, try: todo } = answer;
  throw new Problem(response.status, String(code), String(detail), { data, todo } as Pick<Problem, "data" | "todo">);
}

/** Why something was refused, and what helps. */
export function refusal(error: unknown): string {
  const { message } = error as Error;
  return error instanceof Problem && error.todo.length > 0 ? `${message}; try: ${error.todo.join(" ")}` : message;
}

async function whole(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "offline", "the server's answer broke off");
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
    throw new Problem(0, "offline", "the server does not answer; is `ayo serve` still running?");
  }
}
