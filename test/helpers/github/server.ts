import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { type Route, routeOf } from "./openapi.ts";
import { ROUTES } from "./routes.ts";
import { GitHubWorld, Refusal } from "./world.ts";

/** What goes wrong with a request: before it is done, or after it was. */
export type Mishap =
  | ("dropBefore" | "dropAfter" | "500before" | "500after" | "429" | "limit" | "secondary" | "slow")
  | ("401" | "forbidden" | "refused");

/** A request as a test may look at it. */
export interface Seen {
  /** `POST /issues`: without the repository. */
  readonly operation: string;
  readonly isWrite: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A loopback GitHub: every request and every answer is held against GitHub's description of its API. */
export interface GitHubServer {
  readonly url: string;
  readonly world: GitHubWorld;
  /** All requests since it was last emptied. */
  readonly seen: Seen[];
  /** Requests that GitHub's description does not allow, and answers that it does not. */
  readonly offences: string[];
  /** Those of them that were answered with 304: they cost nothing. */
  readonly unchanged: string[];
  /** Asked before each request; people may change things in it, and what it answers goes wrong. */
  onRequest: (request: Seen) => Mishap | undefined;
  /** Headers of every answer. */
  headers: Record<string, string>;
  readonly close: () => Promise<void>;
}

/** The key that it takes. */
export const GITHUB_KEY = "github_pat_loopback";
/** GitHub takes keys by either word. */
const isKnown = (authorization = ""): boolean =>
  [`Bearer ${GITHUB_KEY}`, `token ${GITHUB_KEY}`].includes(authorization);
const NOT_DONE: Partial<Record<Mishap, readonly [number, string, Record<string, string>]>> = {
  "500before": [502, "Server Error", {}],
  "429": [429, "slow down", { "Retry-After": "0" }],
  limit: [403, "API rate limit exceeded", { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1" }],
  secondary: [403, "You have exceeded a secondary rate limit", {}],
  "401": [401, "Bad credentials", {}],
  forbidden: [403, "Resource not accessible by personal access token", {}],
  refused: [422, "Validation Failed", {}],
};

/** Starts one on this machine. */
export async function githubServer(world = new GitHubWorld()): Promise<GitHubServer> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      try {
        handle(Buffer.concat(chunks).toString("utf8"), request, response);
      } catch (error) {
        self.offences.push(String(error));
        response.destroy();
      }
    });
  });
  const answer = (response: http.ServerResponse, status: number, body: unknown, headers = {}): void => {
    const date = new Date(self.world.time).toUTCString();
    response.writeHead(status, { "Content-Type": "application/json", Date: date, ...self.headers, ...headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };
  /** An answer to who may have it already: of the body and of who asks, and of nothing else, as where it goes on. */
  const answerKept = (request: http.IncomingMessage, response: http.ServerResponse, done: Done, name: string): void => {
    const { authorization = "", "if-none-match": known } = request.headers;
    if (request.method !== "GET" || done.status !== 200) {
      answer(response, done.status, done.body, done.headers(self.url));
      return;
    }
    const hash = createHash("sha256").update(authorization).update(JSON.stringify(done.body)).digest("hex");
    const ETag = `W/"${hash}"`;
    if (known !== ETag) return void answer(response, 200, done.body, { ...done.headers(self.url), ETag });
    self.unchanged.push(name);
    answer(response, 304, undefined, { ETag });
  };
  const say = (response: http.ServerResponse, status: number, message: string, headers = {}): void =>
    answer(response, status, { message, documentation_url: "https://docs.github.com/rest" }, headers);
  const handle = (text: string, request: http.IncomingMessage, response: http.ServerResponse): void => {
    const url = new URL(request.url ?? "", self.url);
    const at = whereIn(self.world, url.pathname);
    const { authorization, "x-github-api-version": version } = request.headers;
    if (version !== "2022-11-28") self.offences.push("no version");
    if (!isKnown(authorization)) return void say(response, 401, "Bad credentials");
    if (at.isRenamed) {
      return void say(response, 301, "Moved Permanently", { Location: `${self.url}${at.path}${url.search}` });
    }
    const { method = "" } = request;
    const route = routeOf(method, at.path);
    const seen = seenIn(method, at.path.replace(`/repos/${self.world.repo}`, ""), text);
    self.seen.push(seen);
    const offence = route === undefined ? "unknown" : route.offence(url.searchParams, bodyIn(text, seen));
    if (offence !== undefined) self.offences.push(`${seen.operation}: ${offence}`);
    if (route === undefined || at.isOther) return void say(response, 404, "Not Found");
    act(self.onRequest(seen), [request, response, seen.operation], () => {
      const done = doneOf(route, self.world, url, seen.body);
      const wrong = route.wrong(done.status, done.body);
      if (wrong !== undefined) self.offences.push(`${seen.operation} answers: ${wrong}`);
      return done;
    });
  };
  type Exchange = readonly [http.IncomingMessage, http.ServerResponse, string];
  const act = (mishap: Mishap | undefined, [request, response, name]: Exchange, doing: () => Done): void => {
    const notDone = mishap === undefined ? undefined : NOT_DONE[mishap];
    if (notDone !== undefined) {
      const [status, message, headers] = notDone;
      return void say(response, status, message, { ...headers, ...self.headers });
    }
    if (mishap === "slow") return;
    if (mishap === "dropBefore") return void response.destroy();
    const done = doing();
    if (mishap === "dropAfter") response.destroy();
    else if (mishap === "500after") say(response, 504, "Server Error");
    else answerKept(request, response, done, name);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const self: GitHubServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ world, seen: [], unchanged: [], offences: [], onRequest: () => undefined, headers: {} },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

const bodyIn = (text: string, { body }: Seen): Seen["body"] | undefined => (text === "" ? undefined : body);

function seenIn(method: string, path: string, text: string): Seen {
  const body = text === "" ? {} : (JSON.parse(text) as Seen["body"]);
  return { operation: `${method} ${path}`, isWrite: method !== "GET", body };
}

interface At {
  readonly path: string;
  readonly isRenamed: boolean;
  readonly isOther: boolean;
}

/** A repository by its number, by its name, or by one that it had: pages go on by the number. */
function whereIn(world: GitHubWorld, pathname: string): At {
  const own = `/repos/${world.repo}`;
  const former = [...world.former].find((name) => `${pathname}/`.startsWith(`/repos/${name}/`));
  if (former !== undefined) {
    const path = pathname.replace(`/repos/${former}`, `/repositories/${world.repoId}`);
    return { path, isRenamed: true, isOther: false };
  }
  const path = pathname.replace(`/repositories/${world.repoId}`, own);
  const isOther = path.startsWith("/repos/") && !`${path}/`.startsWith(`${own}/`);
  return { path, isRenamed: false, isOther };
}

interface Done {
  readonly status: number;
  readonly body: unknown;
  readonly headers: (server: string) => Record<string, string>;
}

function doneOf({ name, params }: Route, world: GitHubWorld, url: URL, body: Seen["body"]): Done {
  const { searchParams: query } = url;
  try {
    const { status = 200, body: said, list } = ROUTES[name]?.({ world, params, query, body, by: "ayo-bot" }) ?? {};
    if (list === undefined) return { status, body: said, headers: () => ({}) };
    const size = Math.min(100, Number(query.get("per_page") ?? 30));
    const page = Number(query.get("page") ?? 1);
    const Link = linkOf(url, world, page, Math.ceil(list.length / size));
    return {
      status,
      body: list.slice((page - 1) * size, page * size),
      headers: () => (Link === "" ? {} : { Link }),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, location } = error;
    const said = { message, documentation_url: "https://docs.github.com/rest", ...(status === 301 ? { url: "" } : {}) };
    return { status, body: said, headers: (at) => (location ? { Location: `${at}${location}` } : {}) };
  }
}

/** Where else a list goes on, by the repository's number: as GitHub says it, with what is before first. */
function linkOf(url: URL, world: GitHubWorld, page: number, last: number): string {
  const to = (rel: string, at: number): string => {
    const there = new URL(url);
    there.pathname = there.pathname.replace(`/repos/${world.repo}`, `/repositories/${world.repoId}`);
    there.searchParams.set("page", String(at));
    return `<${there.href}>; rel="${rel}"`;
  };
  const back = page > 1 ? [to("prev", page - 1)] : [];
  const on = page < last ? [to("next", page + 1), to("last", last)] : [];
  return [...back, ...on, ...(page > 1 ? [to("first", 1)] : [])].join(", ");
}
