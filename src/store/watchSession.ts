import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { readHead } from "../git/refs.ts";
import type { TicketEvent } from "../ticket/events.ts";
import type { Control } from "./control.ts";
import type { Index } from "./entry.ts";
import { type Follower, followStore } from "./follow.ts";
import { type CommitFollower, followCommits } from "./followCommits.ts";
import { personOf } from "./identity.ts";
import { linkNotices, type Notices, noticesOf } from "./notices.ts";
import { refreshIndex } from "./refresh.ts";
import { isInHistory, type StartingPoint, startingPoint } from "./since.ts";
import type { Journal, Store } from "./store.ts";
import { transaction } from "./transaction.ts";
import { type Waker, wakeOn } from "./wake.ts";
import type { WatchOptions } from "./watch.ts";

/** How a session begins besides the options of a watch. */
export interface SessionOptions extends WatchOptions {
  /** The store came, or came back, after the watch began: what lies after this commit (undefined: all) is news. */
  readonly resume?: { readonly at: string | undefined };
}

/** A burst of changes is over when nothing happened for this long. In milliseconds, like all below. */
const QUIET_MS = 30;
/** A burst that does not end is looked at after this long nevertheless. */
const BURST_MS = 2_000;
/** A file that is gone may be one that an editor is about to put back. */
const GONE_MS = 500;
/** How often the store's folder is checked for being the same one. */
const ALIVE_MS = 1_000;
/** How often everything is looked at, for what no notification tells: edits in the archive, lost notifications. */
const SLOW_MS = 60_000;
/** After a failure such as a full disk. */
const RETRY_MS = 2_000;
/** A change that a running command has recorded is done sooner. */
const RECORD_MS = 2_000;
/** How often recorded changes that stay are tried again, at most. */
const MAX_RECORD_MS = 60_000;

/** Watches one store until it is gone or the watch is stopped; returns the last commit whose events were published. */
export async function watchSession(
  store: Store,
  options: SessionOptions,
  control: Control,
  markReady: () => void,
): Promise<string | undefined> {
  const session = await beginSession(store, options, control);
  try {
    // What happened while the watching was set up is found by looking once after it.
    do await session.pump();
    while (!control.stopped && isSame(session) && session.isDirty);
    markReady();
    while (!control.stopped && isSame(session)) {
      await control.wait(session.untilNext());
      await calmDown(session, control);
      if (isSame(session)) await session.pump();
    }
    return session.follower.at;
  } finally {
    await session.waker?.close();
  }
}

/** Waits for the end of a burst, and for git to let go of its index: `git checkout` writes files before it moves HEAD. */
async function calmDown(session: Session, control: Control): Promise<void> {
  const lock = path.join(session.journal.repository.gitDir, "index.lock");
  const deadline = performance.now() + BURST_MS;
  while (!control.stopped && performance.now() < deadline) {
    const quiet = performance.now() - session.changedAt;
    if (quiet >= QUIET_MS && !(session.isDirty && existsSync(lock))) return;
    await control.wait(Math.max(QUIET_MS - quiet, 5));
  }
}

/** Whether the store's folder and its git directory are those that the session began with. */
function isSame({ store, journal, inode }: Session): boolean {
  return statSync(store.dir, { throwIfNoEntry: false })?.ino === inode && existsSync(journal.repository.gitDir);
}

/** What a watch knows of the store that it watches now. */
interface Session {
  readonly store: Store;
  readonly journal: Journal;
  readonly inode: number;
  readonly follower: Follower;
  waker: Waker | undefined;
  /** Something happened to the files since they were last looked at. */
  isDirty: boolean;
  /** Nothing tells of changes, so every look is a thorough one. */
  isBlind: boolean;
  changedAt: number;
  /** Commits what there is to commit, then publishes what the branch has gained, then notices. */
  pump(): Promise<void>;
  /** How long to sleep when nothing happens. */
  untilNext(): number;
}

async function beginSession(store: Store, options: SessionOptions, control: Control): Promise<Session> {
  // A folder without git gets its journal first: what lies in it is where the story begins, not news.
  if (store.journal === undefined) await commitAll(store, options);
  const journal = store.journal as unknown as Journal;
  const now = store.host.now();
  const start = await startOf(journal, options, now);
  await refreshIndex(store, false);
  const follower = await followStore(store, journal, start.after);
  const links = await followCommits(store);
  const session: Session = {
    store,
    journal,
    inode: statSync(store.dir).ino,
    follower,
    waker: undefined,
    isDirty: true,
    isBlind: options.poll === true,
    changedAt: 0,
    ...pumpOf({
      store,
      journal,
      options,
      follower,
      notices: noticesOf(store.dir, now),
      links,
      seen: start.seen,
      takeDirty: () => {
        const was = session.isDirty || session.isBlind;
        session.isDirty = false;
        return was;
      },
    }),
  };
  if (options.poll !== true) session.waker = await listen(session, options, control, links.folders());
  return session;
}

async function startOf(journal: Journal, { since, resume }: SessionOptions, now: number): Promise<StartingPoint> {
  if (since !== undefined) return startingPoint(journal, since, now);
  if (resume === undefined) return { after: readHead(journal.repository).oid };
  const isKnown = resume.at !== undefined && (await isInHistory(journal, resume.at));
  return { after: isKnown ? resume.at : undefined };
}

/** Asks the system to tell of changes in the store's folders and of its branch. */
function listen(
  session: Session,
  options: SessionOptions,
  control: Control,
  project: readonly string[],
): Promise<Waker> {
  const { dir } = session.store;
  const { gitDir, commonDir } = session.journal.repository;
  const { ref = "refs/heads/x" } = readHead(session.journal.repository);
  const folders = ["", "archive", "hooks", "projects", "templates"].map((name) => path.join(dir, name));
  const git = [gitDir, path.join(commonDir, path.dirname(ref)), ...project];
  return wakeOn([...folders.map((folder) => path.resolve(folder)), ...git], {
    onChange: (folder, name) => {
      session.changedAt = performance.now();
      if (!git.includes(folder)) session.isDirty ||= name !== ".git";
      else if (name.endsWith(".lock")) return;
      control.wake();
    },
    onFailure: (reason) => {
      if (!session.isBlind) options.onWarning(`${reason}: looking for changes every second instead`);
      session.isBlind = true;
      control.wake();
    },
  });
}

interface PumpParts {
  readonly store: Store;
  readonly journal: Journal;
  readonly options: SessionOptions;
  readonly follower: Follower;
  readonly notices: Notices;
  readonly links: CommitFollower;
  /** Events of the first commit up to this number were seen by the consumer. */
  readonly seen: number | undefined;
  /** Whether files have changed since it was last asked. */
  readonly takeDirty: () => boolean;
}

function pumpOf(parts: PumpParts): Pick<Session, "pump" | "untilNext"> {
  const { store, journal, options, follower, notices, links, takeDirty } = parts;
  const gone = new Map<string, number>();
  let { seen } = parts;
  let slowAt = 0;
  let retryAt = Number.POSITIVE_INFINITY;
  let warned = "";
  const records = oldRecords(journal);

  const publish = async (events: readonly TicketEvent[]): Promise<void> => {
    const from = seen;
    if (events.some(({ cause }) => cause.commit !== null)) seen = undefined;
    const fresh =
      from === undefined
        ? events
        : events.filter(({ id, cause }) => cause.commit === null || Number(id.split(":")[1]) > from);
    if (fresh.length > 0) await options.onEvents(fresh);
  };
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
    const isDirty = takeDirty() || isSlow || now >= retryAt || records.areDue(now);
    const ranOut = notices.leaseRanOut(follower.world, now);
    if (!isDirty && !ranOut && gone.size === 0) return;
    retryAt = Number.POSITIVE_INFINITY;
    const index = await refreshIndex(store, true);
    if (isAwaited(gone, index, now)) return;
    if (isSlow) slowAt = now + SLOW_MS;
    if (isSlow || ranOut || hasEdits(index) || records.areThere(now)) await commitAll(store, options);
    warned = "";
  };
  const publishCommits = async (): Promise<void> => {
    for await (const events of follower.next()) await publish(events);
  };
  return {
    pump: async () => {
      const now = store.host.now();
      // First what others committed: it is known at once, while looking for edits takes a look at every file.
      await attempt(publishCommits);
      await attempt(() => commit(now));
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

/** Commits what was edited by hand, and what a crash or a lock left over; makes no change of its own. */
async function commitAll(store: Store, { onWarning }: SessionOptions): Promise<void> {
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

function hasEdits(index: Index): boolean {
  for (const file of index.uncommitted.keys()) if (index.entries.get(file)?.problem === undefined) return true;
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
