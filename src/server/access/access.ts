import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { AyoError } from "../../error.ts";
import type { GuardOptions } from "./guard.ts";
import { guessesOf } from "./guesses.ts";

/** Who may connect to a server. */
export interface Access {
  /** What everyone must bring along; undefined where only this machine can connect and no token was asked for. */
  readonly token: string | undefined;
  /** The addresses to listen on. */
  readonly addresses: readonly string[];
  /** By which name the server is to be called. */
  readonly name: string;
  readonly guard: Omit<GuardOptions, "cookie" | "hasPages">;
}

const LOOPBACK = ["127.0.0.1", "::1"];
/** A shorter token could be guessed. In characters. */
const MIN_TOKEN = 16;

/**
 * Who may connect to a server on `host`, an address or name of this machine: on loopback everyone here, unless a token is
 * given or `isAsked` for; elsewhere who has the token, which is made where none is given.
 * @throws bad_usage for a token that is too short
 */
export function accessTo(host: string, token: string | undefined, isAsked = false): Access {
  const isLocal = host === "localhost" || LOOPBACK.includes(host);
  const own = hostname().toLowerCase();
  const needed = isLocal && token === undefined && !isAsked ? undefined : checkedToken(token);
  return {
    token: needed,
    addresses: host === "localhost" ? LOOPBACK : [host],
    name: nameFor(host),
    guard: {
      hosts: isLocal ? [] : [host.toLowerCase(), own, `${own}.local`],
      anyAddress: !isLocal,
      token: needed,
      guesses: guessesOf(),
    },
  };
}

function checkedToken(token: string | undefined): string {
  if (token === undefined) return randomBytes(24).toString("base64url");
  if (token.length >= MIN_TOKEN && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new AyoError("bad_usage", `AYO_TOKEN needs ${MIN_TOKEN} characters or more, without spaces`);
}

/** A name that a browser can open: that of everywhere is none. */
function nameFor(host: string): string {
  if (host === "0.0.0.0" || host === "::") return hostname();
  return isIP(host) === 6 ? `[${host}]` : host;
}
