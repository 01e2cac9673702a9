import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import path from "node:path";
import { AyoError } from "../error.ts";
import { readConversion } from "../git/convert.ts";
import { mapFsError } from "../git/durable.ts";
import { lsTree } from "../git/lsTree.ts";
import { readHead } from "../git/refs.ts";
import { loadIndex, saveIndex } from "./cache.ts";
import { CONFIG_FILE, DEFAULT_CONFIG, parseConfig } from "./config.ts";
import { type Entry, emptyIndex, type Index, isRacy, sameStamp, setCommitted, setEntry, stampOf } from "./entry.ts";
import { type ReadContext, readOtherEntry, readTicketEntry } from "./readFile.ts";
import type { Store } from "./store.ts";

/** Journalled folders besides the top directory and archive/. */
const FOLDERS = ["projects", "hooks", "templates"];
/** A reader saves the index when it had to read more files than this; fewer are cheaper read again. */
const WORTH_SAVING = 16;

/**
 * Brings the store's index up to date with the disk and with git: reads only what changed since the cache was
 * written. `everything` also looks at the journalled files that are no tickets, which only writes need.
 * @throws bad_config, no_store
 */
export async function refreshIndex(store: Store, everything: boolean): Promise<Index> {
  const stateDir = store.journal?.stateDir;
  const index = store.index ?? (stateDir === undefined ? undefined : loadIndex(stateDir)) ?? emptyIndex();
  store.index = index;
  const context = readContext(store);
  const reread = await scanTickets(index, context);
  if (everything) scanOthers(index, context);
  await readConfig(index, store.dir, context.now);
  if (store.journal !== undefined) await followHead(index, store.journal);
  if (stateDir !== undefined && reread > WORTH_SAVING) saveIndex(stateDir, index);
  return index;
}

/** Re-reads one path after a transaction put it in place. */
export async function rereadPath(index: Index, store: Store, file: string): Promise<void> {
  const context = readContext(store);
  const stat = lstatSync(path.join(store.dir, file), { throwIfNoEntry: false });
  if (stat === undefined) setEntry(index, file, undefined);
  else if (isTopTicket(file)) setEntry(index, file, await readTicketEntry(context, file, stat));
  else setEntry(index, file, readOtherEntry(context, file, stat));
}

/** Whether a path in the store is a ticket file of the top directory. */
export function isTopTicket(file: string): boolean {
  return file.endsWith(".md") && !file.includes("/");
}

function readContext(store: Store): ReadContext {
  const inline = store.journal?.mode === "inline";
  const conversion = inline && store.journal ? readConversion(store.journal.repository, gitEnv(store)) : undefined;
  return { dir: store.dir, now: store.host.now(), conversion };
}

/** The environment that decides which git configuration files are read. */
export function gitEnv(store: Store): Record<string, string | undefined> {
  return { ...store.host.env, HOME: store.host.home };
}

/** One object for all calls: there may be ten thousand. */
const QUIET = { throwIfNoEntry: false } as const;

async function scanTickets(index: Index, context: ReadContext): Promise<number> {
  const seen = new Set<string>();
  let reread = 0;
  for (const file of listFolder(context.dir)) {
    if (!file.endsWith(".md") || file.startsWith(".")) continue;
    const stat = lstatSync(`${context.dir}/${file}`, QUIET);
    if (stat === undefined) continue;
    seen.add(file);
    const known = index.entries.get(file);
    if (known !== undefined && !known.racy && sameStamp(known.stamp, stat)) continue;
    reread++;
    setEntry(index, file, await readUnlessGone(() => readTicketEntry(context, file, stat)));
  }
  for (const file of index.entries.keys()) {
    if (isTopTicket(file) && !seen.has(file)) setEntry(index, file, undefined);
  }
  return reread;
}

/** A file can vanish between the stat and the read: then it is not there. */
async function readUnlessGone(read: () => Promise<Entry>): Promise<Entry | undefined> {
  try {
    return await read();
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

/** When the branch moved without us, reads what the new commit has. */
async function followHead(index: Index, journal: NonNullable<Store["journal"]>): Promise<void> {
  const { oid } = readHead(journal.repository);
  if (oid === index.head && oid !== undefined) return;
  const committed = oid === undefined ? new Map() : await lsTree(journal.repository, oid, { prefix: journal.prefix });
  index.archiveTree = undefined;
  for (const file of [...index.entries.keys(), ...index.uncommitted.keys()]) {
    if (!committed.has(file)) setCommitted(index, file, undefined);
  }
  for (const [file, { oid: blob }] of committed) {
    if (isTopTicket(file) || file === CONFIG_FILE) setCommitted(index, file, blob);
  }
  if (oid !== undefined) await followFolders(index, journal, oid);
  for (const [file, blob] of index.uncommitted) {
    if (blob === null && !index.entries.has(file)) index.uncommitted.delete(file);
  }
  index.head = oid;
}

async function followFolders(index: Index, journal: NonNullable<Store["journal"]>, oid: string): Promise<void> {
  for (const folder of FOLDERS) {
    const prefix = journal.prefix === "" ? folder : `${journal.prefix}/${folder}`;
    const files = await lsTree(journal.repository, oid, { prefix, recursive: true });
    for (const [file, { oid: blob }] of files) setCommitted(index, `${folder}/${file}`, blob);
  }
}
