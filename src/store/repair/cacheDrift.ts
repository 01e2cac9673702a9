import { rmSync } from "node:fs";
import path from "node:path";
import { namesIn } from "../../git/repository/repository.ts";
import { scanCommits } from "../codeCommits/commitScan.ts";
import { type Archive, openArchive } from "../disk/archive/archive.ts";
import { findArchiveEdits } from "../disk/archive/archiveEdits.ts";
import { rowOf } from "../disk/cacheRow.ts";
import { isUnknown } from "../disk/otherFiles.ts";
import { refreshIndex } from "../disk/refresh.ts";
import { type Entry, emptyIndex, type Index } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import type { StoreFinding } from "./finding.ts";

/** The files that hold caches; deleting them changes nothing but speed. */
const CACHE = /^(?:index|index-.*\.log|(?:archive|commits|history)\.table)$/;

/**
 * Compares what the caches say with what reading every file says. What somebody made or removed between the two
 * readings of a look differs in that look alone; a cache that lies does so in the next one too.
 */
export async function findCacheDrift(store: Store, journal: Journal): Promise<StoreFinding[]> {
  const first = await lookForDrift(store, journal);
  if (first.size === 0) return [];
  const drifted = [...(await lookForDrift(store, journal))].filter((name) => first.has(name));
  if (drifted.length === 0) return [];
  const names = drifted.slice(0, 3).join(", ") + (drifted.length > 3 ? ` and ${drifted.length - 3} more` : "");
  const finding = {
    code: "cache_drift",
    severity: "warning",
    message: `the cache is not what the files say: ${names}`,
    fix: "the cache files are removed and made again",
  } as const;
  return [{ finding, mend: () => removeCaches(store, journal) }];
}

/** What differs. Both are brought up to date first, so that a difference is a cache that lies, not one that is behind. */
async function lookForDrift(store: Store, journal: Journal): Promise<Set<string>> {
  // A state directory that does not exist holds no cache, and takes none: an index of a generation makes no folder.
  const scratch: Store = { ...store, journal: { ...journal, stateDir: path.join(journal.stateDir, "none") } };
  const truth = await refreshIndex(Object.assign(scratch, { index: { ...emptyIndex(), generation: "none" } }), true);
  const cached = await refreshIndex(Object.assign({ ...store }, { index: undefined }), true);
  // Of what cannot be read the one remembers more than the other, and neither lies.
  const drifted = entryDrift(cached, truth).filter((file) => !isUnknown(cached, file) && !isUnknown(truth, file));
  return new Set([
    ...drifted,
    ...archiveDrift(await openArchive(store), await openArchive(scratch)),
    ...(await hiddenEdits(scratch, journal, cached, truth)),
    ...commitDrift(store, scratch),
  ]);
}

function entryDrift(cached: Index, truth: Index): string[] {
  const drifted: string[] = [];
  for (const file of new Set([...cached.entries.keys(), ...truth.entries.keys()])) {
    const left = cached.entries.get(file);
    const right = truth.entries.get(file);
    // Between the two readings somebody may have saved the file.
    const isMoved = left !== undefined && right !== undefined && left.stamp.join() !== right.stamp.join();
    if (!isMoved && row(file, left) !== row(file, right)) drifted.push(file);
  }
  if (JSON.stringify(cached.config) !== JSON.stringify(truth.config)) drifted.push("config.yml");
  if (cached.head !== truth.head) return drifted;
  for (const [file, oid] of truth.uncommitted) if (cached.uncommitted.get(file) !== oid) drifted.push(file);
  for (const file of cached.uncommitted.keys()) if (!truth.uncommitted.has(file)) drifted.push(file);
  return drifted;
}

function row(file: string, entry: Entry | undefined): string {
  if (entry === undefined) return "";
  const { stamp, oid, ticket, problem } = entry;
  return oid + JSON.stringify(rowOf(file, { stamp, oid, ticket, problem, racy: false }));
}

function archiveDrift(cached: Archive, truth: Archive): string[] {
  const ids = new Set([...cached.ids(), ...truth.ids()]);
  return [...ids].filter((id) => JSON.stringify(cached.find(id)) !== JSON.stringify(truth.find(id)));
}

/** Edits of archived files that left their folder's stamp as it was, so that no command will see them. */
async function hiddenEdits(scratch: Store, journal: Journal, cached: Index, truth: Index): Promise<string[]> {
  const seen = await findArchiveEdits(scratch, journal, cached);
  if (seen.length > 0) return [];
  const edits = await findArchiveEdits(scratch, journal, { ...truth, archiveTree: undefined });
  return edits.map(({ file }) => file);
}

/** The commits that name tickets; the project is read from scratch for this. */
function commitDrift(store: Store, scratch: Store): string[] {
  const cached = scanCommits(store)?.commits.lines() ?? new Map<string, string>();
  const truth = scanCommits(scratch)?.commits.lines() ?? new Map<string, string>();
  const oids = new Set([...cached.keys(), ...truth.keys()]);
  return [...oids].filter((oid) => cached.get(oid) !== truth.get(oid)).map((oid) => `commit ${oid.slice(0, 7)}`);
}

/** Deletes the caches: the next command makes them again. */
export function removeCaches(store: Store, { stateDir }: Journal): void {
  for (const name of namesIn(stateDir)) if (CACHE.test(name)) rmSync(path.join(stateDir, name), { force: true });
  store.index = undefined;
}
