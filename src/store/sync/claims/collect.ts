import { Unreachable } from "../../../git/transport/transport.ts";
import { msSince } from "../../../processes.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { readSeen, type Seen } from "./seenClaims.ts";

/** So long a claim that is over stays where it is, for clones that come late; in milliseconds. */
const KEPT_MS = 24 * 60 * 60_000;
/** So many at a time: every push reads all of them. */
const MAX_AT_ONCE = 50;

/**
 * Takes away refs of claims that are over for a day, which make every push slower. It is a courtesy: a host that lets
 * nobody delete keeps them, and of many clones each waits another while, so that not all do it at once.
 */
export async function collectEnded(claims: ClaimsThere, there: ReadonlyMap<string, string>): Promise<void> {
  const { store, transport, refOf } = claims;
  const old = [...readSeen(store)].filter(([id, seen]) => there.get(refOf(id)) === seen.key && isOld(seen));
  if (old.length === 0) return;
  const moves = old.slice(0, MAX_AT_ONCE).map(([id, { key }]) => ({ ref: refOf(id), oid: undefined, seen: key }));
  try {
    await transport.pushAll(moves);
  } catch (error) {
    // Another time.
    if (!(error instanceof Unreachable)) throw error;
  }
}

function isOld({ facts: { ended }, first, key }: Seen): boolean {
  const ms = ended === undefined ? undefined : msSince(first);
  // Up to a day more, by what only this clone and this claim have in common.
  return ms !== undefined && ms > KEPT_MS * (1 + (Number.parseInt(key.slice(0, 4), 16) % 100) / 100);
}
