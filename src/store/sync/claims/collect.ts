import { Unreachable } from "../../../git/transport/transport.ts";
import { msSince } from "../../../processes.ts";
import type { ClaimsThere } from "./openClaims.ts";
import { readSeen, type Seen } from "./seenClaims.ts";

/** So long a claim that is over stays where it is, for clones that come late; in milliseconds. */
export const KEPT_MS = 24 * 60 * 60_000;
/** So many at a time: every push reads all of them. */
const MAX_AT_ONCE = 50;

/**
 * Takes away refs of claims that are over for a day, which make every push slower. It is a courtesy: a host that lets
 * nobody delete keeps them, and of many clones each waits another while, so that not all do it at once.
 */
export async function collectEnded(claims: ClaimsThere, there: ReadonlyMap<string, string>): Promise<void> {
  // Up to a day more, by what only this clone and this claim have in common.
  const wait = (key: string): number => KEPT_MS * (1 + (Number.parseInt(key.slice(0, 4), 16) % 100) / 100);
  try {
    await takeAway(
      claims,
      endedClaims(claims, there, ({ key }) => wait(key)),
    );
  } catch (error) {
    // Another time.
    if (!(error instanceof Unreachable)) throw error;
  }
}

/** Tickets whose claim is over, as this machine has seen it for longer than `wait` says; so many as one push takes. */
export function endedClaims(
  { store, refOf }: ClaimsThere,
  there: ReadonlyMap<string, string>,
  wait: (seen: Seen) => number = () => KEPT_MS,
): (readonly [id: string, seen: Seen])[] {
  const over = [...readSeen(store)].filter(([id, seen]) => {
    const ms = seen.facts.ended === undefined ? undefined : msSince(seen.first);
    return there.get(refOf(id)) === seen.key && ms !== undefined && ms > wait(seen);
  });
  return over.slice(0, MAX_AT_ONCE);
}

/** Takes the refs of claims away that are as they were seen. @throws Unreachable */
export async function takeAway(
  { transport, refOf }: ClaimsThere,
  ended: readonly (readonly [id: string, seen: Seen])[],
): Promise<void> {
  if (ended.length === 0) return;
  await transport.pushAll(ended.map(([id, { key }]) => ({ ref: refOf(id), oid: undefined, seen: key })));
}
