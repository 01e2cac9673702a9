import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { readConversion } from "../git/convert.ts";
import { mapFsError } from "../git/durable.ts";
import { lsTree } from "../git/lsTree.ts";
import { readHead } from "../git/refs.ts";
import { appendIndex, loadIndex, saveIndex } from "./cache.ts";
import { isStampedAt } from "./cacheRow.ts";
import { CONFIG_FILE, DEFAULT_CONFIG, parseConfig } from "./config.ts";
import { type Entry, emptyIndex, type Index, isRacy, sameStamp, setCommitted, setEntry, stampOf } from "./entry.ts";
import { type ReadContext, readOtherEntry, readTicketEntry } from "./readFile.ts";
import type { Store } from "./store.ts";

/** Journalled folders besides the top directory and archive/. */
const FOLDERS = ["projects", "hooks", "templates"];
/** After reading more files than this a new base is written; fewer are a line in the log. */
const WORTH_SAVING = 16;

/**
 * Brings the store's index up to date with the disk and with git: reads only what changed since the cache was
 * written. `everything` also looks at the journalled files that are no tickets, which only writes need.
 * @throws bad_config, no_store
 */
export async function refreshIndex(store: Store, everything: boolean): Promise<Index> {
  const stateDir = store.journal?.stateDir;
  const folder = stampFolder(store.dir);
  const index = store.index ?? (stateDir === undefined ? undefined : loadIndex(stateDir)) ?? emptyIndex();
  store.index = index;
  index.kept.clear();
  const context = readContext(store);
  const reread = await scanTickets(index, context, folder);
  if (everything) scanOthers(index, context);
  await readConfig(index, store.dir, context.now);
  const moved = store.journal !== undefined && (await followHead(index, store.journal));
  if (stateDir !== undefined) remember(stateDir, index, reread, moved);
  return index;
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
  const stat = lstatSync(path.join(store.dir, file), QUIET);
  setEntry(index, file, stat === undefined ? undefined : readOtherEntry(context, file, stat));
}

/** Whether a path in the store is a ticket file of the top directory. */
export function isTopTicket(file: string): boolean {
  return file.endsWith(".md") && !file.includes("/");
}

/** What reading a store's files needs to know. */
export function readContext(store: Store): ReadContext {
  const inline = store.journal?.mode === "inline";
  const conversion = inline && store.journal ? readConversion(store.journal.repository, gitEnv(store)) : undefined;
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
    const stat = lstatSync(`${dir}/${name}`, QUIET);
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
  const stat = lstatSync(path.join(context.dir, file), QUIET);
  try {
    return stat === undefined ? undefined : await readTicketEntry(context, file, stat);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function scanOthers(index: Index, context: ReadContext): void {
  const seen = new Map<string, Stats>();
  const config = lstatSync(path.join(context.dir, CONFIG_FILE), { throwIfNoEntry: false });
  if (config?.isFile()) seen.set(CONFIG_FILE, config);
  for (const folder of FOLDERS) collect(context.dir, folder, seen);
  for (const [file, stat] of seen) {
    const known = index.entries.get(file);
    if (known !== undefined && !known.racy && sameStamp(known.stamp, stat)) continue;
    setEntry(index, file, readOtherEntry(context, file, stat));
  }
  for (const file of index.entries.keys()) {
    if (!isTopTicket(file) && !seen.has(file)) setEntry(index, file, undefined);
  }
}

function collect(dir: string, folder: string, into: Map<string, Stats>): void {
  if (!lstatSync(path.join(dir, folder), { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of listFolder(path.join(dir, folder))) {
    if (name.startsWith(".") || name.endsWith("~")) continue;
    const file = `${folder}/${name}`;
    const stat = lstatSync(path.join(dir, file), { throwIfNoEntry: false });
    if (stat?.isDirectory()) collect(dir, file, into);
    else if (stat?.isFile()) into.set(file, stat);
  }
}

function listFolder(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw mapFsError(error, dir);
    throw new AyoError("no_store", `the store ${dir} is gone`, { try: ["ayo", "init"] });
  }
}

async function readConfig(index: Index, dir: string, now: number): Promise<void> {
  const file = path.join(dir, CONFIG_FILE);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    index.config = DEFAULT_CONFIG;
    index.configStamp = undefined;
  } else if (!sameStamp(index.configStamp, stat)) {
    index.config = await parseConfig(readFileSync(file, "utf8"));
    const stamp = stampOf(stat);
    index.configStamp = isRacy(stamp, now) ? undefined : stamp;
  }
}

/** When the branch moved without us, reads what the new commit has; true then. */
async function followHead(index: Index, journal: NonNullable<Store["journal"]>): Promise<boolean> {
  const { oid } = readHead(journal.repository);
  if (oid === index.head && oid !== undefined) return false;
  const changes =
    index.head === undefined || oid === undefined ? undefined : await diffOrNone(journal, index.head, oid);
  if (changes === undefined) await readCommitted(index, journal, oid);
  else for (const { path: file, after } of changes) if (isFollowed(file)) setCommitted(index, file, after ?? undefined);
  index.archiveTree = undefined;
  dropNowhere(index);
  index.head = oid;
  return true;
}

/** Forgets paths that are neither on disk nor in the commit. */
function dropNowhere(index: Index): void {
  for (const [file, blob] of index.uncommitted) {
    if (blob === null && !index.entries.has(file)) index.uncommitted.delete(file);
  }
}

/** What changed between two commits; undefined where the old one is gone, as after a rewrite and a gc. */
async function diffOrNone(journal: NonNullable<Store["journal"]>, from: string, to: string) {
  const { diffCommits } = await import("../git/diffTrees.ts");
  try {
    return await diffCommits(journal.repository, from, to, journal.prefix);
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** Whether the index keeps a path: a ticket, or a journalled file outside archive/. */
function isFollowed(file: string): boolean {
  return isTopTicket(file) || file === CONFIG_FILE || FOLDERS.some((folder) => file.startsWith(`${folder}/`));
}

async function readCommitted(
  index: Index,
  journal: NonNullable<Store["journal"]>,
  oid: string | undefined,
): Promise<void> {
  const committed = oid === undefined ? new Map() : await lsTree(journal.repository, oid, { prefix: journal.prefix });
  for (const file of [...index.entries.keys(), ...index.uncommitted.keys()]) {
    if (!committed.has(file)) setCommitted(index, file, undefined);
  }
  for (const [file, { oid: blob }] of committed) {
    if (isTopTicket(file) || file === CONFIG_FILE) setCommitted(index, file, blob);
  }
  if (oid !== undefined) await followFolders(index, journal, oid);
}

async function followFolders(index: Index, journal: NonNullable<Store["journal"]>, oid: string): Promise<void> {
  for (const folder of FOLDERS) {
    const prefix = journal.prefix === "" ? folder : `${journal.prefix}/${folder}`;
    const files = await lsTree(journal.repository, oid, { prefix, recursive: true });
    for (const [file, { oid: blob }] of files) setCommitted(index, `${folder}/${file}`, blob);
  }
}
