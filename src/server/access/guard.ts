import { createHash, scryptSync, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { HttpProblem } from "../problem.ts";
import type { Guesses } from "./guesses.ts";

/** What a server lets in. */
export interface GuardOptions {
  /** Names, besides this machine's loopback ones, by which the server may be called; lower case, without port. */
  readonly hosts: readonly string[];
  /** Any address as host name is fine: the server listens on more than loopback. */
  readonly anyAddress: boolean;
  /** What everyone must bring along; undefined where only this machine can connect. */
  readonly token: string | undefined;
  /** Browsers come here: by a link on another site's page too, and first with the token in the address. */
  readonly hasPages: boolean;
  /** What stands for the token after a browser's first visit. */
  readonly cookie: Cookie | undefined;
  /** The wrong tokens that were tried. */
  readonly guesses: Guesses;
}

/** A cookie by its name and the one right value. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
}

/**
 * What stands for the token in a browser, at one port alone. Browsers show a host's cookies to all its ports: who listens
 * there is not to learn the token, which is why the hash is a slow one.
 */
export function cookieFor(token: string, port: number): Cookie {
  return { name: `ayo_${port}`, value: scryptSync(token, `ayo cookie of port ${port}`, 32).toString("base64url") };
}

/** How long a browser keeps it, in seconds. */
const COOKIE_AGE = 30 * 24 * 60 * 60;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
/** What a page may load: our own files, and pictures that stand in the text itself. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes HTML or a script; workers are named by page/ownScript.ts.
  "require-trusted-types-for 'script'",
  "trusted-types ayo",
].join("; ");

/** Sent with every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/**
 * Refuses what another site's page could have sent: a foreign Host (DNS rebinding), a foreign Origin or
 * Sec-Fetch-Site (cross-site requests), a missing or wrong token. Returns the answer to a first visit, which takes the
 * token from the address into a cookie, or undefined where the request may go on. `from` is the client's address.
 * @throws HttpProblem forbidden_host, forbidden_origin, unauthorized, too_many_guesses
 */
export function guard(request: Request, from: string, options: GuardOptions): Response | undefined {
  const host = request.headers.get("host") ?? "";
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const isKnown = LOOPBACK.includes(name) || options.hosts.includes(name);
  if (!isKnown && !(options.anyAddress && isIP(name.replace(/^\[|\]$/g, "")) !== 0)) {
    throw new HttpProblem("forbidden_host", `this server is not called '${name}'`);
  }
  checkOrigin(request, host, options.hasPages);
  return options.token === undefined ? undefined : checkToken(request, from, options.token, options);
}

function checkOrigin({ headers, method, url }: Request, host: string, hasPages: boolean): void {
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new HttpProblem("forbidden_origin", `pages of ${origin} may not use this server`);
  }
  const site = headers.get("sec-fetch-site");
  const isOurs = site === null || site === "same-origin" || site === "none";
  // A link on another page may lead here; its scripts, pictures and forms may not.
  const isVisit =
    hasPages &&
    method === "GET" &&
    headers.get("sec-fetch-mode") === "navigate" &&
    !new URL(url).pathname.startsWith("/api/");
  if (!isOurs && !isVisit) throw new HttpProblem("forbidden_origin", "requests from other sites' pages are refused");
}

function checkToken(
  request: Request,
  from: string,
  token: string,
  { hasPages, cookie, guesses }: GuardOptions,
): Response | undefined {
  const { headers, method } = request;
  const url = new URL(request.url);
  const isVisit = hasPages && method === "GET" && !url.pathname.startsWith("/api/");
  const shown = isVisit ? url.searchParams.get("token") : null;
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const kept = cookie === undefined ? undefined : cookieOf(headers.get("cookie") ?? "", cookie.name);
  const isRight = (tried: string | null | undefined, right = ""): boolean => {
    // Of a token and of a cookie different values are right.
    const guess = `${right === token ? "token" : "cookie"} ${tried}`;
    if (tried === null || tried === undefined || guesses.isKnown(from, guess)) return false;
    const wait = guesses.wait(from);
    // Whether it is right is not told before that, or guessing would go on.
    if (wait > 0)
      throw new HttpProblem("too_many_guesses", `too many wrong tokens from ${from}`, { "retry-after": `${wait}` });
    if (isSame(tried, right)) return true;
    guesses.wrong(from, guess);
    return false;
  };
  if (cookie !== undefined && isRight(shown, token)) return intoCookie(url, cookie);
  if (isRight(bearer, token) || isRight(kept, cookie?.value)) return undefined;
  throw new HttpProblem(
    "unauthorized",
    "this server wants its token: open the address that it printed, or send Authorization: Bearer",
    { "www-authenticate": 'Bearer realm="ayo"' },
  );
}

/** Leads a browser to the address without the token. */
function intoCookie(url: URL, { name, value }: Cookie): Response {
  url.searchParams.delete("token");
  return new Response(null, {
    status: 303,
    headers: {
      // Two slashes would name another host.
      location: `/${url.pathname.replace(/^\/+/, "")}${url.search}`,
      "set-cookie": `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_AGE}`,
      "cache-control": "no-store",
    },
  });
}

function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Compares in a time that does not tell how much was right. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
