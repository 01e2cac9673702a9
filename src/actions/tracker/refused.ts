import type { Store } from "../../store/open/store.ts";
import type { Pair } from "../../trackers/sync/pair.ts";
import { namePart, type Refused } from "../../trackers/sync/push/left.ts";
import type { SyncReport } from "../../trackers/sync/sync.ts";
import type { TrackerMemory } from "./memory.ts";
import { readPair } from "./side/pairFiles.ts";

/** A part of a ticket that its tracker refused, and that is not sent again as it is. */
export interface RefusedPart {
  readonly id: string;
  /** `title`, `labels`, `comment`, `relation to mya-1`, `new item`. */
  readonly part: string;
  /** What the tracker said; null where only another machine heard it. */
  readonly why: string | null;
}

/** What a machine remembers of a sync: why something stands refused, and what else is left. */
export function leftToRemember(
  { dir }: Store,
  tracker: string,
  { refused: before = [] }: TrackerMemory,
  { left, refused }: Pick<SyncReport, "left" | "refused">,
): Pick<TrackerMemory, "left" | "refused"> {
  const hashOf = ({ id, part }: Pick<Refused, "id" | "part">): string | undefined =>
    readPair(dir, tracker, id)?.refused[part];
  const now = refused.flatMap(({ id, part, why }) => {
    const hash = hashOf({ id, part });
    return hash === undefined ? [] : [{ id, part, hash, why }];
  });
  const isNow = (one: Pick<Refused, "id" | "part">): boolean =>
    now.some(({ id, part }) => id === one.id && part === one.part);
  const older = before.filter((one) => !isNow(one) && hashOf(one) === one.hash);
  const told = new Set(now.map(({ id, why }) => `${id} ${why}`));
  return { left: left.filter(({ id, why }) => !told.has(`${id} ${why}`)), refused: [...older, ...now] };
}

/** What stands refused in pairs, with the reason where this machine heard it. */
export function refusedIn(
  pairs: readonly (readonly [string, Pair])[],
  { refused: remembered = [] }: TrackerMemory,
): RefusedPart[] {
  const known = new Map(remembered.map(({ id, part, hash, why }) => [`${id} ${part} ${hash}`, why]));
  return pairs.flatMap(([id, { state, refused }]) =>
    state === "linked" || state === "creating"
      ? Object.entries(refused).map(([part, hash]) => {
          return { id, part: namePart(part), why: known.get(`${id} ${part} ${hash}`) ?? null };
        })
      : [],
  );
}
