import type { AyoError } from "../../../error.ts";
import type { Pair } from "../../../trackers/sync/pair.ts";
import { badSyncFile, pairPath } from "./pairFiles.ts";

/** Pairs that name the item of another ticket: one of the two files is a copy, and nobody but a person can tell which. */
export function twinsOf(pairs: Iterable<readonly [string, Pair]>, tracker: string): AyoError[] {
  const ids = new Map<string, string>();
  const errors: AyoError[] = [];
  for (const [id, { key, state }] of pairs) {
    if (state === "severed" || state === "detached") continue;
    const other = ids.get(key);
    if (other === undefined) ids.set(key, id);
    else errors.push(twin(tracker, id, other));
  }
  return errors;
}

function twin(tracker: string, id: string, other: string): AyoError {
  const todo = `of it and ${pairPath(tracker, other)} one is a copy. Nothing is synced with the tracker until each names its own: bring the older version of the copy back, or delete it`;
  return badSyncFile(pairPath(tracker, id), `names the item of ${other}: ${todo}`);
}
