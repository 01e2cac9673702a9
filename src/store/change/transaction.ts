import { existsSync } from "node:fs";
import { AyoError } from "../../error.ts";
import { hashObject } from "../../git/objects/objects.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type View, viewOf } from "../disk/view.ts";
import { UNPUBLISHED } from "../hooks/due.ts";
import { createJournal } from "../open/createJournal.ts";
import { exclusiveIndex } from "../open/indexTurns.ts";
import { kept } from "../open/runtime.ts";
import { type Journal, prepareState, type Store } from "../open/store.ts";
import type { Change, Options, Outcome, TransactionOptions } from "./changing.ts";
import { type Draft, openDraft } from "./draft.ts";
import { readOnce } from "./hand/readEdits.ts";
import { passLockOn, releaseLock, serveOthers, takeLock } from "./lock/lockHandover.ts";
import { NESTED } from "./nestedChanges.ts";
import { refusePending, settlePending } from "./requests/settlePending.ts";
import { attemptAll } from "./round/attempt.ts";
import { type Caller, type CallerQueue, QUEUE, type Queued, type Settled } from "./round/callers.ts";
import { type Attempt, unlessSaving } from "./round/round.ts";
import { StartOver, startingOver } from "./startOver.ts";

/** A change that lost this many races in a row has met a bug, not bad luck. */
const MAX_ATTEMPTS = 200;
/** So many changes are written together at most: who comes next has waited for all of them. */
const MAX_TOGETHER = 64;

/**
 * Makes every change on every face (*The write path* in src/README.md): lock, recover, refresh, commit hand edits, run
 * `change`, write. `change` may run several times and must have no effect of its own. Callers in one process queue, and
 * those that wait at the same moment are written together, a commit each. On a store that is `inside` a larger change
 * (see storeInside.ts) it becomes a part of that.
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
  const result = new Promise<Outcome<T>>((resolve, reject) => {
    const answer = (settled: Settled): void => {
      if ("error" in settled) reject(settled.error);
      else resolve(settled.outcome as Outcome<T>);
    };
    const since = performance.now();
    queue.callers.push({ store, options: options as Options<unknown>, change, answer, since });
  });
  queue.wake();
  if (!queue.isRunning) void serve(store, queue);
  return publishAfter(store, result, options.onPublished);
}

/** Does what waits, here and in other processes, until nobody does. */
async function serve(store: Store, queue: CallerQueue): Promise<void> {
  queue.isRunning = true;
  // Whoever calls in the same turn is in the same round.
  await undefined;
  for (;;) {
    const first = queue.callers[0];
    if (first === undefined) {
      const called = new Promise<void>((resolve) => {
        queue.wake = resolve;
      });
      if (await serveOthers(store, called)) continue;
      if (queue.callers.length > 0) continue;
      break;
    }
    try {
      if (first.options.dryRun) {
        queue.callers.shift();
        first.answer({ outcome: await rehearse(first) });
      } else await serveRound(queue, first);
    } catch (error) {
      if (queue.callers[0] === first) queue.callers.shift();
      first.answer({ error });
    }
  }
  queue.isRunning = false;
}

/** Publishes what was committed once the next transaction may begin, also where only hand edits were. */
async function publishAfter<T>(
  store: Store,
  result: Promise<Outcome<T>>,
  onPublished: TransactionOptions["onPublished"],
): Promise<Outcome<T>> {
  const told = async (): Promise<readonly string[]> => {
    // Hooks of what others asked for are theirs to run.
    if (store.host.request !== undefined) return [];
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

async function rehearse({ store, options, change }: Caller): Promise<Outcome<unknown>> {
  await releaseLock(store);
  const moving = new Set<string>();
  return untilSteady(moving, async () => {
    const view = await currentView(store, moving, options.sparesQuestion);
    const draft = openDraft(store, view, options.actor);
    const { result, sentence } = await change(draft);
    const wouldChange = sentence !== undefined && changesSomething(draft);
    return { result, notices: [], wouldChange, after: async () => view };
  });
}

/** What is written as it was is no change. */
function changesSomething({ files, attachments, before }: Draft): boolean {
  return [...files, ...attachments].some(
    ([file, text]) => (text === null ? null : hashObject("blob", Buffer.from(text))) !== before.get(file),
  );
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
async function currentView(
  store: Store,
  moving: Iterable<string>,
  spares: TransactionOptions["sparesQuestion"],
): Promise<View> {
  if (!existsSync(store.dir)) {
    const { emptyIndex } = await import("../open/entry.ts");
    return viewOf(store, emptyIndex());
  }
  const index = await refreshIndex(store, false);
  // What somebody is writing is read once, and that reading is rehearsed on.
  for (const file of moving) await readOnce(store, index, file);
  return viewOf(store, index, spares);
}

/** What to say when a file would not hold still. */
function unsteady(files: Iterable<string>): AyoError {
  const what = [...files].join(", ") || "the branch";
  return new AyoError(
    "git_busy",
    `${what} changed ${MAX_ATTEMPTS} times while the change was made: nothing was changed`,
  );
}

/** Makes the changes of the first caller and of those who can be served with it. @throws for the first alone */
async function serveRound(queue: CallerQueue, first: Queued): Promise<void> {
  const { store } = first;
  // A change that is refused leaves no new store behind.
  if (store.journal === undefined) await rehearse(first);
  const journal = store.journal ?? (await createJournal(store));
  store.journal = journal;
  prepareState(journal);
  const begun = performance.now();
  const lock = await takeLock(store, journal).catch((cause: unknown) => {
    const error = refusePending(store, journal, cause);
    // Whoever has waited as long hears the same.
    const others = queue.callers.filter((one) => one !== first && one.since <= begun);
    for (const one of others) one.answer({ error });
    const left = queue.callers.filter((one) => !others.includes(one));
    queue.callers.splice(0, queue.callers.length, ...left);
    throw error;
  });
  const settled = await settlePending(store, journal).catch(async (error: unknown) => {
    await lock.heldLock.release();
    throw error;
  });
  const told = [...queue.told.splice(0), ...settled];
  const round = takeRound(queue);
  try {
    const answers = await perform(store, journal, round, { ...lock, told });
    // Those who were not served are the next.
    queue.callers.unshift(...round.slice(answers.length));
    for (const [at, one] of answers.entries()) round[at]?.answer(one);
  } catch (error) {
    if (round.length === 1) throw error;
    queue.callers.unshift(...round);
    queue.alone = round.length;
    queue.told = told;
  }
}

/** Who is served now, in the order they came. */
function takeRound(queue: CallerQueue): [Queued, ...Queued[]] {
  const { callers } = queue;
  const isAlone = queue.alone > 0;
  queue.alone = Math.max(0, queue.alone - 1);
  let count = 1;
  while (!isAlone && count < Math.min(callers.length, MAX_TOGETHER) && callers[count]?.options.dryRun !== true) count++;
  return callers.splice(0, count) as [Queued, ...Queued[]];
}

/** Returns how the first of the callers fared; the others could not be served with them. */
async function perform(
  store: Store,
  journal: Journal,
  callers: readonly [Caller, ...Caller[]],
  lock: Awaited<ReturnType<typeof takeLock>> & Pick<Attempt, "told">,
): Promise<readonly Settled[]> {
  const moving = new Set<string>();
  const saving = { since: Number.POSITIVE_INFINITY };
  let { heldLock, isFresh } = lock;
  let mayGoOn = false;
  try {
    return await untilSteady(moving, async () => {
      if (heldLock.isLost()) {
        // Somebody took it over while this process stood still.
        store.index = undefined;
        await heldLock.release();
        ({ heldLock, isFresh } = await takeLock(store, journal));
      }
      const now = { store, journal, callers, heldLock, isFresh, moving, saving, told: lock.told };
      isFresh = false;
      const made = await unlessSaving(store, saving, () => exclusiveIndex(store, () => attemptAll(now)));
      mayGoOn = made.every((one) => "error" in one || one.outcome.deferred === undefined) && !heldLock.isLost();
      return made;
    });
  } finally {
    if (kept(store, UNPUBLISHED).length > 0) (await import("../hooks/publish.ts")).rememberTickets(store);
    await passLockOn(store, heldLock, mayGoOn);
  }
}
