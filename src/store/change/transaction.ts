import { existsSync } from "node:fs";
import { AyoError } from "../../error.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type View, viewOf } from "../disk/view.ts";
import { UNPUBLISHED } from "../hooks/due.ts";
import { createJournal } from "../open/createJournal.ts";
import { exclusiveIndex } from "../open/indexTurns.ts";
import { kept } from "../open/runtime.ts";
import { prepareState, type Store } from "../open/store.ts";
import { type Attempt, attemptAndSettle, unlessSaving } from "./attempt.ts";
import type { Change, Options, Outcome, Run, TransactionOptions } from "./changing.ts";
import { type Draft, openDraft } from "./draft.ts";
import { readOnce } from "./hand/readEdits.ts";
import { passLockOn, QUEUE, releaseLock, takeLock } from "./lock/lockHandover.ts";
import { NESTED } from "./nestedChanges.ts";
import { StartOver, startingOver } from "./startOver.ts";

/** A change that lost this many races in a row has met a bug, not bad luck. */
const MAX_ATTEMPTS = 200;

/**
 * Makes every change on every face (*The write path* in src/README.md): lock, recover, refresh, commit hand edits, run
 * `change`, write. `change` may run several times and must have no effect of its own. Callers in one process queue. On
 * a store that is `inside` a larger change (see storeInside.ts) it becomes a part of that.
 * @throws what `change` throws; store_busy, store_not_writable, disk_full, git_busy, git_unsupported
 */
export function transaction<T>(
  store: Store,
  options: Options<T>,
  change: (draft: Draft) => Promise<Change<T>> | Change<T>,
): Promise<Outcome<T>> {
  const whole = kept(store, NESTED);
  if (whole !== undefined) return whole.make(change);
  const queue = kept(store, QUEUE);
  queue.waiting++;
  const run = () => {
    queue.waiting--;
    return options.dryRun ? rehearse(store, options, change) : perform(store, options, change);
  };
  const result = queue.tail.then(run, run);
  queue.tail = result.catch(() => {});
  return publishAfter(store, result, options.onPublished);
}

/** Publishes what was committed once the next transaction may begin, also where only hand edits were. */
async function publishAfter<T>(
  store: Store,
  result: Promise<Outcome<T>>,
  onPublished: TransactionOptions["onPublished"],
): Promise<Outcome<T>> {
  const told = async (): Promise<readonly string[]> => {
    if (kept(store, UNPUBLISHED).length === 0 || store.journal === undefined) return [];
    const { publish, publishAndWait } = await import("../hooks/publish.ts");
    if (onPublished === undefined) return publishAndWait(store, store.journal);
    void publish(store, store.journal).then(onPublished);
    return [];
  };
  const toldSafely = (): Promise<readonly string[]> =>
    told().catch((error: Error) => [`hooks did not run: ${error.message}`]);
  try {
    const outcome = await result;
    const notices = await toldSafely();
    return notices.length === 0 ? outcome : { ...outcome, notices: [...outcome.notices, ...notices] };
  } catch (error) {
    await toldSafely();
    throw error;
  }
}

async function rehearse<T>(store: Store, options: TransactionOptions, change: Run<T>): Promise<Outcome<T>> {
  await releaseLock(store);
  const moving = new Set<string>();
  return untilSteady(moving, async () => {
    const view = await currentView(store, moving);
    const { result } = await change(openDraft(store, view, options.actor));
    return { result, notices: [], after: async () => view };
  });
}

/** Works until nobody changes anything meanwhile; `moving` gets the files that somebody changed. */
async function untilSteady<T>(moving: Set<string>, work: () => Promise<T>): Promise<T> {
  try {
    return await startingOver(MAX_ATTEMPTS, work, ({ file }) => file !== undefined && moving.add(file));
  } catch (error) {
    throw error instanceof StartOver ? unsteady(moving) : error;
  }
}

/** A store that does not exist yet is an empty one. */
async function currentView(store: Store, moving: Iterable<string>): Promise<View> {
  if (!existsSync(store.dir)) {
    const { emptyIndex } = await import("../open/entry.ts");
    return viewOf(store, emptyIndex());
  }
  const index = await refreshIndex(store, false);
  // What somebody is writing is read once, and that reading is rehearsed on.
  for (const file of moving) await readOnce(store, index, file);
  return viewOf(store, index);
}

/** What to say when a file would not hold still. */
function unsteady(files: Iterable<string>): AyoError {
  const what = [...files].join(", ") || "the branch";
  return new AyoError(
    "git_busy",
    `${what} changed ${MAX_ATTEMPTS} times while the change was made: nothing was changed`,
  );
}

async function perform<T>(store: Store, options: Options<T>, change: Run<T>): Promise<Outcome<T>> {
  // A change that is refused leaves no new store behind.
  if (store.journal === undefined) await rehearse(store, options, change);
  const journal = store.journal ?? (await createJournal(store));
  store.journal = journal;
  prepareState(journal);
  const moving = new Set<string>();
  const saving = { since: Number.POSITIVE_INFINITY };
  let { heldLock, isFresh } = await takeLock(store, journal);
  let mayGoOn = false;
  try {
    return await untilSteady(moving, async () => {
      if (heldLock.isLost()) {
        // Somebody took it over while this process stood still.
        store.index = undefined;
        await heldLock.release();
        ({ heldLock, isFresh } = await takeLock(store, journal));
      }
      const now: Attempt<T> = { store, journal, options, heldLock, isFresh, moving };
      isFresh = false;
      const made = await unlessSaving(store, saving, () => exclusiveIndex(store, () => attemptAndSettle(now, change)));
      mayGoOn = made.deferred === undefined && !heldLock.isLost();
      return made;
    });
  } finally {
    if (kept(store, UNPUBLISHED).length > 0) (await import("../hooks/publish.ts")).rememberTickets(store);
    await passLockOn(store, heldLock, mayGoOn);
  }
}
