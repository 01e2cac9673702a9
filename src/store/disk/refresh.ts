import { lstatSync, readdirSync, type Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { mapFsError } from "../../git/disk/durable.ts";
import { readConversion } from "../../git/repository/convert.ts";
import { lookAt, Unread } from "../files/storeFile.ts";
import { copyOfIndex, type Entry, emptyIndex, type Index, isTopTicket, keeperOf, setEntry } from "../open/entry.ts";
import { readIndex } from "../open/indexTurns.ts";
import type { Store } from "../open/store.ts";
import { appendIndex, loadIndex, saveIndex } from "./cache.ts";
import { isStampedAt } from "./cacheRow.ts";
import { readConfig } from "./configFile.ts";
import { followHead } from "./followHead.ts";
import { glanceAtOthers, markUnknown, scanOthers } from "./otherFiles.ts";
import { type ReadContext, readOtherEntry, readTicketEntry } from "./readFile.ts";

/** After reading more files than this a new base is written; fewer are a line in the log. */
const WORTH_SAVING = 16;

/**
 * Brings the store's index up to date with the disk and with git: reads only what changed since the cache was
 * written. `everything` also reads the journalled files that are no tickets, which only writes need; it is for those
 * that have the index to themselves (see indexTurns.ts). Where a change of this process has it, others get a copy.
 * @throws bad_config, no_store
 */
export function refreshIndex(store: Store, everything: boolean): Promise<Index> {
  if (everything) return refreshShared(store, true);
  return readIndex(
    store,
    () => refreshShared(store, false),
    () => refreshCopy(store),
  );
}

async function refreshShared(store: Store, everything: boolean): Promise<Index> {
  const stateDir = store.journal?.stateDir;
  const folder = stampFolder(store.dir);
  const index = store.index ?? loadOrNew(store);
  store.index = index;
  const { reread, moved } = await bringUpToDate(index, store, folder, everything);
  if (stateDir !== undefined) remember(stateDir, index, reread, moved);
  return index;
}

/** What a reader sees while a change works on the index: neither kept nor saved. */
async function refreshCopy(store: Store): Promise<Index> {
  const folder = stampFolder(store.dir);
  const index = store.index === undefined ? loadOrNew(store) : copyOfIndex(store.index);
  await bringUpToDate(index, store, folder, false);
  return index;
}

function loadOrNew({ journal }: Store): Index {
  return (journal === undefined ? undefined : loadIndex(journal.stateDir)) ?? emptyIndex();
}

async function bringUpToDate(index: Index, store: Store, folder: FolderStamps, everything: boolean) {
  index.unread.clear();
  index.kept.clear();
  const context = { ...readContext(store), keep: keeperOf(index) };
  const reread = await scanTickets(index, context, folder);
  if (everything) scanOthers(index, context);
  else glanceAtOthers(index, store.dir);
  await readConfig(index, store, context.now);
  const moved = store.journal !== undefined && (await followHead(index, store.journal));
  if (everything) markUnknown(index);
  return { reread, moved };
}

/**
 * Saves what had to be read again, so that the next command need not: much as a new base, little as a line. After the
 * branch moved without us any path may be committed now that was not, so the base is the only thing that says it all.
 */
function remember(stateDir: string, index: Index, reread: readonly string[], moved: boolean): void {
  const settled = reread.filter((file) => index.entries.get(file)?.racy !== true);
  if (moved || settled.length > WORTH_SAVING) saveIndex(stateDir, index);
  else if (settled.length > 0) appendIndex(stateDir, index, settled, false);
}

/** Re-reads one path, as after a transaction put it in place; `keep` gets its bytes. */
export async function rereadPath(index: Index, store: Store, file: string, keep?: ReadContext["keep"]): Promise<void> {
  const context = { ...readContext(store), ...(keep === undefined ? {} : { keep }) };
  if (isTopTicket(file)) {
    setEntry(index, file, await readNow(context, file));
    return;
  }
  const stat = lookAt(path.join(store.dir, file));
  // What cannot be looked at is the next refresh's to tell.
  if (!(stat instanceof Unread)) setEntry(index, file, stat && readOtherEntry(context, file, stat));
}

/** What reading a store's files needs to know. */
export function readContext(store: Store): ReadContext {
  const { journal } = store;
  const inline = journal?.mode === "inline";
  const conversion = inline ? readConversion(journal.repository, gitEnv(store), journal.prefix) : undefined;
  return { dir: store.dir, now: store.host.now(), conversion };
}

/** The environment that decides which git configuration files are read. */
export function gitEnv(store: Store): Record<string, string | undefined> {
  return { ...store.host.env, HOME: store.host.home };
}

/** The `*.md` files of a folder and their stamps, four numbers each. */
interface FolderStamps {
  readonly files: readonly string[];
  readonly stamps: Float64Array;
}

/** One object for all calls: there may be ten thousand. */
const QUIET = { throwIfNoEntry: false } as const;

/**
 * Stats every ticket file. This comes before the index is loaded: ten thousand stats make garbage, and collecting
 * it costs twice as much while as many new tickets are alive.
 */
function stampFolder(dir: string): FolderStamps {
  const names = listFolder(dir);
  const stamps = new Float64Array(names.length * 4);
  const files: string[] = [];
  for (const name of names) {
    if (!name.endsWith(".md") || name.startsWith(".")) continue;
    const stat = statIn(dir, name);
    if (stat === undefined) continue;
    const at = files.length * 4;
    stamps[at] = stat.mtimeMs;
    stamps[at + 1] = stat.ctimeMs;
    stamps[at + 2] = stat.size;
    stamps[at + 3] = stat.ino;
    files.push(name);
  }
  return { files, stamps };
}

/** @throws store_not_writable where the folder may be listed and not be looked into: then there is no store to read */
function statIn(dir: string, name: string): Stats | undefined {
  try {
    return lstatSync(`${dir}/${name}`, QUIET);
  } catch (error) {
    throw mapFsError(error, path.join(dir, name));
  }
}

async function scanTickets(index: Index, context: ReadContext, folder: FolderStamps): Promise<string[]> {
  const { files, stamps } = folder;
  const reread: string[] = [];
  let known = 0;
  for (let at = 0; at < files.length; at++) {
    const file = files[at] as string;
    const entry = index.entries.get(file);
    if (entry !== undefined) known++;
    if (entry !== undefined && !entry.racy && isStampedAt(entry, stamps, at * 4)) continue;
    reread.push(file);
    setEntry(index, file, await readNow(context, file));
  }
  if (known < topTickets(index)) forgetGone(index, new Set(files));
  return reread;
}

function topTickets(index: Index): number {
  let count = 0;
  for (const file of index.entries.keys()) if (isTopTicket(file)) count++;
  return count;
}

function forgetGone(index: Index, files: ReadonlySet<string>): void {
  for (const file of index.entries.keys()) {
    if (isTopTicket(file) && !files.has(file)) setEntry(index, file, undefined);
  }
}

/** A file can vanish between two looks at it: then it is not there. */
async function readNow(context: ReadContext, file: string): Promise<Entry | undefined> {
  const stat = statIn(context.dir, file);
  return stat === undefined ? undefined : readTicketEntry(context, file, stat);
}

function listFolder(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw mapFsError(error, path.join(dir, "any"));
    throw new AyoError("no_store", `the store ${dir} is gone`, { try: ["ayo", "init"] });
  }
}
