import http from "node:http";
import https from "node:https";
import { TrackerError } from "./provider.ts";
import { type Env, proxyFor, proxyHeaders, tunnel } from "./proxy.ts";

/** An answer over http, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** How requests are made. */
export interface HttpOptions {
  /** Where proxies are named. */
  readonly env: Env;
  /** Milliseconds that a request may take in all. */
  readonly timeout: number;
  /** Bytes that an answer may have. */
  readonly limit: number;
}

/** A request over http. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether a redirect within the origin is followed; else it is the answer. */
  readonly follows?: ((to: URL) => boolean) | undefined;
}

/** Requests to one tracker, over connections that are kept. */
export interface HttpClient {
  /** @throws TrackerError `unreachable` where nothing was sent, `ambiguous` where nobody knows what became of it */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Sends a body. @throws TrackerError as `send` does */
  readonly post: (url: URL, headers: Readonly<Record<string, string>>, body: string) => Promise<HttpAnswer>;
  readonly close: () => void;
}

/** Redirects that are followed, within one origin. */
const MOST_MOVES = 3;

/**
 * A client over node:http and node:https. What a request carries goes to the host that it is for: redirects to others
 * are not followed.
 */
export function httpClient(options: HttpOptions): HttpClient {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  const send: HttpClient["send"] = async (request) => {
    let at = request.url;
    for (let moves = 0; ; moves++) {
      const answer = await once({ ...request, url: at }, options, agents);
      // 304 sends nowhere: nothing has changed.
      if (answer.status < 300 || answer.status > 399 || answer.status === 304) return answer;
      at = nextOf(answer, at, moves);
      if (request.follows?.(at) === false) return answer;
    }
  };
  const post: HttpClient["post"] = async (url, headers, body) => await send({ method: "POST", url, headers, body });
  const close = (): void => {
    agents.http.destroy();
    agents.https.destroy();
  };
  return { send, post, close };
}

function nextOf({ headers }: HttpAnswer, from: URL, moves: number): URL {
  const to = String(headers.location ?? "");
  const next = URL.canParse(to, from.href) ? new URL(to, from.href) : undefined;
  if (next?.origin === from.origin && moves < MOST_MOVES) return next;
  const where = next === undefined ? "" : `, to ${next.origin}`;
  throw new TrackerError("broken", `${from.origin} sends elsewhere${where}: not followed`);
}

type Agents = { readonly http: http.Agent; readonly https: https.Agent };

async function once(
  { method, url, headers, body }: HttpRequest,
  options: HttpOptions,
  agents: Agents,
): Promise<HttpAnswer> {
  const whole = body === undefined ? headers : { ...headers, "Content-Length": String(Buffer.byteLength(body)) };
  const proxy = proxyFor(url, options.env);
  if (url.protocol === "http:") {
    const request =
      proxy === undefined
        ? http.request(url, { method, headers: whole, agent: agents.http })
        : http.request({
            host: proxy.hostname,
            port: proxy.port || 80,
            path: url.href,
            method,
            headers: { ...whole, Host: url.host, ...proxyHeaders(proxy) },
          });
    return await exchange(request, body, url, options);
  }
  if (proxy === undefined) {
    return await exchange(https.request(url, { method, headers: whole, agent: agents.https }), body, url, options);
  }
  const socket = await tunnel(proxy, url, options.timeout).catch((cause: unknown) => {
    throw new TrackerError("unreachable", `${url.host}: ${sentence(cause)}`, { cause });
  });
  const request = https.request(url, { method, headers: whole, agent: false, createConnection: () => socket });
  return await exchange(request, body, url, options);
}

function exchange(
  request: http.ClientRequest,
  body: string | undefined,
  url: URL,
  { timeout, limit }: HttpOptions,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      const fault = isSent ? "ambiguous" : "unreachable";
      reject(new TrackerError(fault, `${url.host}: ${sentence(cause)}`, { cause }));
    };
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    request.on("socket", (socket) => {
      if (!socket.connecting) isSent = true;
      else {
        socket.once("connect", () => {
          isSent = true;
        });
      }
    });
    request.on("error", fail);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= limit) {
          chunks.push(chunk);
          return;
        }
        fail(new Error(`an answer of more than ${limit} bytes`));
        request.destroy();
      });
      response.on("error", fail);
      response.on("aborted", () => fail(new Error("the answer broke off")));
      response.on("end", () => {
        clearTimeout(timer);
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.end(body);
  });
}

function sentence(cause: unknown): string {
  const { message, code } = (cause ?? {}) as { message?: string; code?: string };
  return (message || code || String(cause)).split("\n")[0] ?? "";
}
