import { statSync } from "node:fs";
import { boxIn, makeBox } from "../../store/change/requests/box.ts";
import { announce, isPresent, readPresent, withdraw } from "../../store/change/requests/presence.ts";
import { serveOthersOf } from "../../store/change/round/others.ts";
import { type FolderWatcher, watchFolders } from "../../store/disk/folderWatcher.ts";
import { HEARD } from "../../store/disk/heard.ts";
import { keepView } from "../../store/disk/keepView.ts";
import { readStore } from "../../store/disk/view.ts";
import { kept } from "../../store/open/runtime.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { run as runLine } from "../run.ts";
import { BUILD } from "./build.ts";
import { othersOf } from "./others.ts";
import { beginRequests } from "./serve.ts";

/** How often it is looked whether this process is to help, and still can; in milliseconds. */
const AGAIN_MS = 2_000;

/** A store that this process helps with, or would where nobody else does. */
interface Helping {
  store: Store;
  /** What tells of requests, and the folder that it listens to. */
  listening?: { readonly watcher: FolderWatcher; readonly inode: number } | undefined;
  isAtIt: boolean;
}

/** By their private folders. */
const helped = new Map<string, Helping>();

/**
 * Has this process, which goes on, do what commands ask of it on a store: it hears of every change, so that they need not
 * look at every file. Of several processes one does. What it cannot do, they do themselves.
 */
export function helpOthers(store: Store, run: typeof runLine): Store {
  const { journal } = store;
  if (BUILD === "" || journal?.mode !== "own" || !isThere("/proc/self/ns/pid")) return store;
  serveOthersOf(store, othersOf(store, run));
  const known = helped.get(journal.stateDir);
  if (known !== undefined) {
    known.store = store;
    return store;
  }
  const helping: Helping = { store, isAtIt: false };
  helped.set(journal.stateDir, helping);
  const attempt = (): void => {
    if (helping.isAtIt) return;
    helping.isAtIt = true;
    // What is in the way of it is in nobody's way: everybody can do his work himself.
    void help(helping, journal, run)
      .catch(() => {})
      .finally(() => {
        helping.isAtIt = false;
      });
  };
  setImmediate(attempt);
  setInterval(attempt, AGAIN_MS).unref();
  return store;
}

/** Whoever asks from now on asks somebody else. */
export function stopHelping(pid: number): void {
  for (const stateDir of helped.keys()) withdraw(boxIn(stateDir), "live", pid);
}

/** Listens to the box and says so, unless somebody else does. */
async function help(helping: Helping, { stateDir }: Journal, run: typeof runLine): Promise<void> {
  const box = boxIn(stateDir);
  const { pid } = helping.store.host;
  const inode = statSync(box, { throwIfNoEntry: false })?.ino;
  const isOurs = readPresent(box, "live")?.pid === pid;
  if (isOurs && helping.listening?.inode === inode) return;
  await helping.listening?.watcher.close();
  helping.listening = undefined;
  if (isPresent(box, "live", BUILD) && !isOurs) return;
  if (!(await hearsAll(helping.store))) return;
  makeBox(box);
  const onChange = (_: string, name: string): void => {
    const { store } = helping;
    if (name.endsWith(".ask") && store.journal !== undefined) beginAll(store, store.journal, run);
  };
  const onFailure = (): void => withdraw(box, "live", pid);
  const watcher = await watchFolders([box], { onChange, onFailure }, { persistent: false });
  helping.listening = { watcher, inode: statSync(box).ino };
  if (isOurs || announce(box, "live", pid, BUILD)) return;
  helping.listening = undefined;
  await watcher.close();
}

function beginAll(store: Store, journal: Journal, run: typeof runLine): void {
  try {
    for (const one of beginRequests(store, journal, run)) one.catch(() => {});
  } catch {
    // Whoever is not served takes his request back, and does it himself.
  }
}

/** Whether every change of a store's tickets is heard of; whoever does not listen yet begins to. */
async function hearsAll(store: Store): Promise<boolean> {
  if (kept(store, HEARD) === undefined) keepView(store);
  await readStore(store);
  for (let turn = 0; turn < 50 && kept(store, HEARD)?.isSure() !== true; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10).unref());
  return kept(store, HEARD)?.isSure() === true;
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
