import path from "node:path";
import { readConversion } from "../../git/repository/convert.ts";
import { lookAt, Unread } from "../files/storeFile.ts";
import { copyOfIndex, emptyIndex, type Index, isTopTicket, keeperOf, setEntry } from "../open/entry.ts";
import { readIndex } from "../open/indexTurns.ts";
import { kept } from "../open/runtime.ts";
import type { Store } from "../open/store.ts";
import { noteCopies } from "./archive/archivedCopies.ts";
import { appendIndex, loadIndex, saveIndex } from "./cache.ts";
import { readConfig } from "./configFile.ts";
import { followHead } from "./followHead.ts";
import { HEARD } from "./heard.ts";
import { glanceAtOthers, markUnknown, scanOthers } from "./otherFiles.ts";
import { type ReadContext, readOtherEntry } from "./readFile.ts";
import { noteForGit, toLookAt } from "./scan/byGit.ts";
import { readNow, scanTickets } from "./scan/scan.ts";

/** So many tickets are worth telling the process of. */
const MANY = 600;
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
  const index = store.index ?? loadOrNew(store);
  store.index = index;
  const { reread, moved } = await bringUpToDate(index, store, everything);
  if (stateDir !== undefined) remember(stateDir, index, reread, moved);
  return index;
}

/** What a reader sees while a change works on the index: neither kept nor saved. */
async function refreshCopy(store: Store): Promise<Index> {
  const index = store.index === undefined ? loadOrNew(store) : copyOfIndex(store.index);
  await bringUpToDate(index, store, false);
  return index;
}

function loadOrNew({ journal, host }: Store): Index {
  const index = journal === undefined ? undefined : loadIndex(journal.stateDir);
  if (index !== undefined && index.entries.size >= MANY) host.onMany?.();
  return index ?? emptyIndex();
}

async function bringUpToDate(index: Index, store: Store, everything: boolean) {
  // What could not be read is told at every look, and only by looking.
  const isOdd = index.unread.size > 0 || index.hasOtherNames;
  index.unread.clear();
  index.kept.clear();
  const context = { ...readContext(store), keep: keeperOf(index) };
  const reread = isOdd ? await scanTickets(index, context) : await scanHeard(store, index, context);
  if (everything) scanOthers(index, context);
  else glanceAtOthers(index, store.dir);
  const { configStamp } = index;
  await readConfig(index, store, context.now);
  const learnt = index.configStamp !== undefined && index.configStamp !== configStamp;
  const moved = (store.journal !== undefined && (await followHead(index, store.journal))) || learnt;
  if (everything) markUnknown(index);
  await noteCopies(store, index);
  return { reread, moved };
}

/** Looks at the tickets that may have changed: all of them, or in a process that listens those of which it heard. */
async function scanHeard(store: Store, index: Index, context: ReadContext): Promise<string[]> {
  const heard = index === store.index ? kept(store, HEARD) : undefined;
  if (heard === undefined)
    return index === store.index ? scanByGit(store, index, context) : scanTickets(index, context);
  await heard.settle();
  try {
    return await scanTickets(index, context, heard.take(index));
  } catch (error) {
    heard.lose();
    throw error;
  }
}

/** Looks at all tickets; of thousands git says which of them were written since. */
async function scanByGit(store: Store, index: Index, context: ReadContext): Promise<string[]> {
  const since = Date.now();
  const names = toLookAt(store, index);
  const reread = await scanTickets(index, context, names);
  if (names === undefined && reread.length <= WORTH_SAVING) noteForGit(store, index, since);
  return reread;
}

/**
 * Saves what had to be read again, so that the next command need not: much as a new base, little as a line. After the
 * branch moved without us any path may be committed now that was not, so the base is the only thing that says it all;
 * and it alone has the config, which costs more to read again than all else.
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
export function gitEnv(store: Pick<Store, "host">): Record<string, string | undefined> {
  return { ...store.host.env, HOME: store.host.home };
}
