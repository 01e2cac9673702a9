import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { readHead } from "../../git/refs/refs.ts";
import { followCommits } from "../codeCommits/followCommits.ts";
import { type FolderWatcher, watchFolders } from "../disk/folderWatcher.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type Follower, followStore } from "../events/follow.ts";
import type { StartingPoint } from "../events/front.ts";
import { isInHistory, startingPoint } from "../events/since.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Control } from "./control.ts";
import { noticesOf } from "./notices.ts";
import { commitAll, type WatchLoop, watchLoop } from "./watchLoop.ts";
import type { WatchOptions } from "./watchOptions.ts";

/** How a session begins besides the options of a watch. */
export interface SessionOptions extends WatchOptions {
  /** The store came, or came back, after the watch began: what lies after this commit (undefined: all) is news. */
  readonly resume?: { readonly at: string | undefined };
}

/** A burst of changes is over when nothing happened for this long. In milliseconds, like all below. */
const QUIET_MS = 30;
/** A burst that does not end is looked at after this long nevertheless. */
const BURST_MS = 2_000;

/** Watches one store until it is gone or the watch is stopped; `at` is the last commit whose events were published. */
export async function watchSession(
  store: Store,
  options: SessionOptions,
  control: Control,
  markReady: () => void,
): Promise<{ readonly at: string | undefined }> {
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
    return { at: session.follower.at };
  } finally {
    await session.folderWatcher?.close();
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
interface Session extends WatchLoop {
  readonly store: Store;
  readonly journal: Journal;
  readonly inode: number;
  readonly follower: Follower;
  folderWatcher: FolderWatcher | undefined;
  /** Something happened to the files since they were last looked at. */
  isDirty: boolean;
  /** Nothing tells of changes, so every look is a thorough one. */
  isBlind: boolean;
  changedAt: number;
}

async function beginSession(store: Store, options: SessionOptions, control: Control): Promise<Session> {
  // A folder without git gets its journal first: what lies in it is where the story begins, not news.
  if (store.journal === undefined) await commitAll(store, options);
  const journal = store.journal as unknown as Journal;
  const now = store.host.now();
  const start = await startOf(journal, options, now);
  await refreshIndex(store, false);
  const follower = await followStore(store, journal, start);
  const links = await followCommits(store);
  const session: Session = {
    store,
    journal,
    inode: statSync(store.dir).ino,
    follower,
    folderWatcher: undefined,
    isDirty: true,
    isBlind: options.poll === true,
    changedAt: 0,
    ...watchLoop({
      store,
      journal,
      options,
      follower,
      notices: noticesOf(store.dir, now),
      links,
      takeDirty: () => {
        const was = session.isDirty || session.isBlind;
        session.isDirty = false;
        return was;
      },
    }),
  };
  if (options.poll !== true) session.folderWatcher = await listen(session, options, control, links.folders());
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
): Promise<FolderWatcher> {
  const { dir } = session.store;
  const { gitDir, commonDir } = session.journal.repository;
  const { ref = "refs/heads/x" } = readHead(session.journal.repository);
  const folders = ["", "archive", "hooks", "projects", "templates"].map((name) => path.join(dir, name));
  const git = [gitDir, path.join(commonDir, path.dirname(ref)), ...project];
  return watchFolders([...folders.map((folder) => path.resolve(folder)), ...git], {
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
