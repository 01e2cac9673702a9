import { comparePlaced, isRank, type Placed } from "../rank.ts";
import { keysBetween } from "./keysBetween.ts";

/**
 * The ranks by which tickets stand in this order, by id; null takes one away, and who keeps his is not there. `order` is as
 * tickets of one column and priority are to stand: those that were moved are beside each other, the others as
 * {@link comparePlaced} has them. As few others as can be get a rank.
 */
export function ranksFor(order: readonly Placed[], moved: ReadonlySet<string>): Map<string, string | null> {
  const first = order.findIndex(({ id }) => moved.has(id));
  const last = first + moved.size;
  const own = order.slice(first, last);
  const around = order.slice(Math.max(0, first - 1), last + 1);
  if (own.every(({ rank }) => rank !== undefined) && isOrdered(around)) return new Map();
  const { from, keys } = keysAround(order, first, last);
  const bare = around.map((one) => (moved.has(one.id) ? { ...one, rank: undefined } : one));
  if (keys.length > moved.size && isOrdered(bare)) return changesOf(own, () => null);
  return changesOf(order.slice(from, from + keys.length), (at) => keys[at] as string);
}

/** Ranks for the tickets from `from` on: those that were moved, and what must have one for their sake. */
function keysAround(order: readonly Placed[], first: number, last: number): { from: number; keys: readonly string[] } {
  let [from, to] = [first, last];
  // Whoever has no rank stands behind everybody who has one.
  while (from > 0 && order[from - 1]?.rank === undefined) from--;
  const [low, high] = [order[from - 1]?.rank, order[to]?.rank];
  if (low !== undefined && high !== undefined && low >= high) {
    // Two machines gave one place away: the fewer of those who have it make room.
    let [start, end] = [from, to];
    while (start > 0 && order[start - 1]?.rank === low) start--;
    while (order[end]?.rank === high) end++;
    if (from - start < end - to) from = start;
    else to = end;
  }
  const keys = keysBetween(order[from - 1]?.rank, order[to]?.rank, to - from);
  if (keys.every(isRank)) return { from, keys };
  // No room is left between them: all get new ones.
  while (order[to]?.rank !== undefined) to++;
  return { from: 0, keys: keysBetween(undefined, undefined, to) };
}

function isOrdered(tickets: readonly Placed[]): boolean {
  return tickets.every((one, at) => at === 0 || comparePlaced(tickets[at - 1] as Placed, one) < 0);
}

function changesOf(tickets: readonly Placed[], rankAt: (at: number) => string | null): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const [at, { id, rank }] of tickets.entries()) {
    const now = rankAt(at);
    if (now !== (rank ?? null)) changes.set(id, now);
  }
  return changes;
}
