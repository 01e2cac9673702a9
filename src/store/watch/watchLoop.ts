import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import { isIndexLocked } from "../change/hand/checkouts.ts";
import { hasNewWriting } from "../change/place/lateWrites.ts";
import { transaction } from "../change/transaction.ts";
import type { CommitFollower } from "../codeCommits/followCommits.ts";
import { openPaths } from "../disk/gitMarks.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { configStamp } from "../disk/stamp.ts";
import type { Follower } from "../events/follow.ts";
import type { Index } from "../open/entry.ts";
import { personOf } from "../open/identity/identity.ts";
import { exclusiveIndex } from "../open/indexTurns.ts";
import type { Journal, Store } from "../open/store.ts";
import { linkNotices, type Notices } from "./notices.ts";
import type { WatchOptions } from "./watchOptions.ts";

/** A file that is gone may be one that an editor is about to put back. In milliseconds, like all below. */
const GONE_MS = 500;
/** How often the store's folder is checked for being the same one. */
const ALIVE_MS = 1_000;
/** How often everything is looked at, for what no notification tells: edits in the archive, lost notifications. */
const SLOW_MS = 60_000;
/** After a failure such as a full disk. */
const RETRY_MS = 2_000;
/** A change that a running command has recorded is done sooner. */
const RECORD_MS = 2_000;
/** While git holds its index, e.g. for a checkout, nothing is committed; it is looked at again after this long. */
const LOCKED_MS = 100;
/** A lock that stays this long was left by a git that died. */
const STALE_LOCK_MS = 30_000;
/** How often recorded changes that stay are tried again, at most. */
const MAX_RECORD_MS = 60_000;

/** What a watch does each time it wakes. */
export interface WatchLoop {
  /** Publishes what the branch has gained, commits what there is to commit, then publishes that and notices. */
  pump(): Promise<void>;
  /** How long to sleep when nothing happens. */
  untilNext(): number;
}

/** What a watch loop works on. */
export interface WatchLoopParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly options: Pick<WatchOptions, "onEvents" | "onRound" | "onConfig" | "onWarning">;
  readonly follower: Follower;
  readonly notices: Notices;
  readonly links: CommitFollower;
  /** Whether files have changed since it was last asked. */
  readonly takeDirty: () => boolean;
}

/** The watch loop of a store. */
export function watchLoop(parts: WatchLoopParts): WatchLoop {
  const { store, journal, options, follower, notices, links, takeDirty } = parts;
  const gone = new Map<string, number>();
  const publish = async (events: readonly TicketEvent[]): Promise<void> => {
    if (events.length > 0) await options.onEvents(events);
  };
  let slowAt = 0;
  let retryAt = Number.POSITIVE_INFINITY;
  let warned = "";
  const checkouts = checkoutsOf(journal, options);
  const lookAround = lookerOf(store, options);
  const records = oldRecords(journal);

  /** A failure that may pass is told once and tried again; anything else is a bug. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AyoError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      retryAt = store.host.now() + RETRY_MS;
      if (!existsSync(store.dir) || (error as Error).message === warned) return;
      warned = (error as Error).message;
      options.onWarning(warned);
    }
  };
  const commit = async (now: number): Promise<void> => {
    const isSlow = now >= slowAt;
    const isWritten = hasNewWriting(journal.stateDir);
    const isDirty = takeDirty() || isSlow || isWritten || now >= retryAt || records.areDue(now);
    const ranOut = notices.timeRanOut(follower.world, now);
    if (!isDirty && !ranOut && gone.size === 0) return;
    retryAt = Number.POSITIVE_INFINITY;
    if (checkouts.areOn(now)) {
      retryAt = now + LOCKED_MS;
      return;
    }
    const index = await exclusiveIndex(store, () => refreshIndex(store, true));
    if (isAwaited(gone, index, now)) return;
    if (isSlow) slowAt = now + SLOW_MS;
    if (isSlow || isWritten || ranOut || hasEdits(journal, index) || records.areThere(now))
      await commitAll(store, options);
    warned = "";
  };
  const publishCommits = async (): Promise<void> => {
    const from = follower.position;
    try {
      for await (const events of follower.next()) await publish(events);
    } finally {
      if (follower.position !== from) await options.onRound?.({ from, to: follower.position });
    }
  };
  return {
    pump: async () => {
      const now = store.host.now();
      // First what others committed: it is known at once, while looking for edits takes a look at every file.
      await attempt(publishCommits);
      await attempt(() => commit(now));
      await attempt(lookAround);
      await attempt(publishCommits);
      const index = store.index;
      if (index !== undefined) await publish(notices.collect(index, follower.world, now));
      await attempt(async () => {
        const { added, unknown } = await links.next();
        for (const link of added) await publish(linkNotices(store.dir, follower.world, link, now));
        for (const { id, oid } of unknown)
          options.onWarning(`commit ${oid.slice(0, 8)} names ${id}, and there is no such ticket`);
      });
    },
    untilNext: () => {
      const now = store.host.now();
      const next = Math.min(notices.nextAt(follower.world, now), retryAt, slowAt);
      return Math.min(gone.size > 0 ? GONE_MS / 4 : ALIVE_MS, Math.max(0, next - now));
    },
  };
}

/** Looks at what is no ticket. */
function lookerOf(store: Store, options: WatchLoopParts["options"]): () => Promise<void> {
  const lookAtConfig = configOf(store, options);
  const landing = landingOf(store, options);
  return async () => {
    lookAtConfig();
    await landing();
  };
}

/** Tells of another config.yml. */
function configOf(store: Store, { onConfig }: WatchLoopParts["options"]): () => void {
  let known = configStamp(store);
  return () => {
    const now = configStamp(store);
    if (now === known) return;
    known = now;
    onConfig?.();
  };
}

/** Looks whether work has landed, where it has to; what keeps ayo from seeing it is told once. */
function landingOf(store: Store, { onWarning }: WatchLoopParts["options"]): () => Promise<void> {
  let told: string | undefined;
  let againAt = 0;
  return async () => {
    if (store.index?.config.board.landsOn === undefined || store.host.now() < againAt) return;
    const { seeLanded } = await import("../codeCommits/landed/seeLanded.ts");
    const { trouble } = await seeLanded(store, { onPublished: (notices) => notices.forEach(onWarning) });
    if (trouble !== undefined && trouble !== told) onWarning(`whether work has landed cannot be seen: ${trouble}`);
    told = trouble;
    // What cannot be seen is not looked for again all the time.
    againAt = trouble === undefined ? 0 : store.host.now() + SLOW_MS;
  };
}

/** Whether git is at the files of an inline store, and what to say when it seems to have died there. */
function checkoutsOf(journal: Journal, { onWarning }: WatchLoopParts["options"]) {
  let since: number | undefined;
  let isTold = false;
  return {
    areOn: (now: number): boolean => {
      const isOn = journal.mode === "inline" && isIndexLocked(journal);
      since = isOn ? (since ?? now) : undefined;
      if (since === undefined || now - since < STALE_LOCK_MS) isTold = false;
      else if (!isTold) {
        isTold = true;
        const lock = path.join(journal.repository.gitDir, "index.lock");
        onWarning(`${lock} stays: nothing is committed until it is gone; remove it if no git is running`);
      }
      return isOn;
    },
  };
}

/** Commits what was edited by hand, and what a crash or a lock left over; makes no change of its own. */
export async function commitAll(store: Store, { onWarning }: Pick<WatchOptions, "onWarning">): Promise<void> {
  const onPublished = (notices: readonly string[]): void => notices.forEach(onWarning);
  await transaction(store, { actor: personOf(store), onPublished }, () => ({ result: undefined }));
}

/** Whether a file that was committed is gone so recently that an editor may be about to put it back. */
function isAwaited(gone: Map<string, number>, index: Index, now: number): boolean {
  const missing = new Set<string>();
  for (const [file, oid] of index.uncommitted) if (oid !== null && !index.entries.has(file)) missing.add(file);
  for (const file of gone.keys()) if (!missing.has(file)) gone.delete(file);
  let isRecent = false;
  for (const file of missing) {
    const since = gone.get(file) ?? now;
    gone.set(file, since);
    isRecent ||= now - since < GONE_MS;
  }
  if (!isRecent) gone.clear();
  return isRecent;
}

function hasEdits(journal: Journal, index: Index): boolean {
  for (const [file] of openPaths(journal, index)) if (index.entries.get(file)?.problem === undefined) return true;
  return false;
}

/**
 * Changes that were recorded by a command that is no longer at it: the commit waits for git, or the command crashed.
 * Those that stay (a large import keeps its record for a while) are tried again ever more seldom.
 */
function oldRecords({ stateDir }: Journal) {
  let nextAt = 0;
  let wait = RECORD_MS;
  const areThere = (now: number): boolean => {
    try {
      return readdirSync(path.join(stateDir, "redo")).some((name) => now - Number(name.slice(0, 15)) > RECORD_MS);
    } catch {
      return false;
    }
  };
  return {
    areThere,
    areDue: (now: number): boolean => {
      if (now < nextAt) return false;
      const found = areThere(now);
      wait = found ? Math.min(wait * 2, MAX_RECORD_MS) : RECORD_MS;
      nextAt = now + wait;
      return found;
    },
  };
}
