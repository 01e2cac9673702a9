import path from "node:path";
import { isNested } from "../../../store/change/nestedChanges.ts";
import { watchFolders } from "../../../store/disk/folderWatcher.ts";
import { readStore, type View } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { controlOf } from "../../../store/watch/control.ts";
import { parseTime } from "../../../ticket/time.ts";
import type { Written } from "../../input/action.ts";

/** A burst of changes is looked at once. In milliseconds, like all here. */
const CALM_MS = 20;
/** How often to look where no notification comes, as on some network file systems. */
const POLL_MS = 5_000;

/** What is waited for. */
export interface Waiting<T> {
  /** In milliseconds. */
  readonly atMost: number;
  /** Whether trying is worth it; takes no lock. */
  readonly hasOffer: (view: View) => Promise<boolean>;
  readonly attempt: () => Promise<T>;
  readonly isFound: (result: T) => boolean;
}

/**
 * Tries until something is found, or answers with the last try. It sleeps until the store changes, a lease runs out,
 * or, where changes go unnoticed, a few seconds have passed. What the tries before did on their way is told too.
 */
export async function attemptOrWait<T extends Written>(store: Store, waiting: Waiting<T>): Promise<T> {
  const { atMost, hasOffer, isFound } = waiting;
  const deadline = performance.now() + atMost;
  const told = new Set<string>();
  const attempt = async (): Promise<T> => {
    const made = await waiting.attempt();
    for (const notice of made.notices) told.add(notice);
    return { ...made, notices: [...told] };
  };
  let result = await attempt();
  if (isFound(result) || isNested(store)) return result;
  const control = controlOf();
  const folderWatcher = await watchFolders(foldersOf(store), { onChange: control.wake, onFailure: () => {} });
  try {
    // What came while the watch was set up is found by looking once after it.
    for (let view = await readStore(store); ; view = await readStore(store)) {
      if (await hasOffer(view)) result = await attempt();
      const left = deadline - performance.now();
      if (isFound(result) || left <= 0) return result;
      await control.wait(Math.min(left, untilLease(view), POLL_MS));
      // Of many that wait, each looks at a moment of its own.
      await new Promise((resolve) => setTimeout(resolve, CALM_MS * (0.5 + Math.random())));
    }
  } finally {
    await folderWatcher.close();
  }
}

/** The folders in which every change of a store shows. */
export function foldersOf({ dir, journal }: Store): string[] {
  if (journal === undefined) return [dir];
  const heads = path.join(journal.repository.commonDir, "refs", "heads");
  return [dir, heads, path.join(heads, "ayo")];
}

/** How long until the next lease runs out. */
function untilLease({ tickets, now }: View): number {
  const ends = tickets.flatMap(({ fields }) => parseTime(fields.lease ?? "") ?? []);
  return Math.max(CALM_MS, Math.min(...ends.filter((end) => end > now)) - now);
}
