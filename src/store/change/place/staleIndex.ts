import { readFileSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../../folderOwner.ts";
import { type IndexItem, parseIndex, readIndexFile } from "../../../git/index/indexFile.ts";
import { BULK } from "../../files/stage.ts";
import type { Journal } from "../../open/store.ts";
import { committedBlobs } from "../record/onCommitted.ts";

/** Beside the lock: the git index that the last change wrote, and what the last changes made of it. */
const FILE = "last-index.json";
/** A `git commit` that read the index before them may write it for so long, in milliseconds, and after so many. */
const LATE_MS = 10_000;
const MANY = 64;

/** Path in the repository to its blobs before and after. */
type Blobs = Readonly<Record<string, readonly [before: string | null, after: string | null]>>;

interface LastIndex {
  readonly checksum: string;
  /** The last one last. */
  readonly changes: readonly { readonly at: number; readonly paths: Blobs }[];
}

/** Remembers the index that goes with a change. Nothing depends on it but the mend below. */
export function rememberIndex({ mode, stateDir }: Journal, checksum: string, paths: Blobs, at: number): void {
  if (mode !== "own" || Object.keys(paths).length > BULK) return;
  const before = readLast(stateDir)?.changes ?? [];
  const changes = [...before.slice(1 - MANY).filter((change) => Math.abs(at - change.at) < LATE_MS), { at, paths }];
  const last: LastIndex = { checksum, changes };
  known = { text: JSON.stringify(last), last };
  writeOwned(path.join(stateDir, FILE), known.text);
}

/**
 * What git took out of the index again. A `git commit` reads the index, then takes its lock, then writes what it has
 * read: where our changes came between the two, git's commit is refused, but the index is the one from before, and
 * the next `git commit` would take those changes back. In a project's repository the index is the person's.
 */
export async function lostFromIndex(
  journal: Journal,
  head: string | undefined,
  checksum: string,
): Promise<Map<string, IndexItem | null>> {
  const lost = new Map<string, IndexItem | null>();
  const last = journal.mode === "own" ? readLast(journal.stateDir) : undefined;
  if (last === undefined || last.checksum === checksum) return lost;
  const bytes = readIndexFile(journal.repository);
  const entries = bytes === undefined ? new Map<string, { readonly oid: string }>() : parseIndex(bytes);
  const committed = committedBlobs(journal, head);
  const changed = last.changes.flatMap(({ paths }) => Object.entries(paths));
  for (const [file, [before, after]] of changed) {
    if (before === after || (entries.get(file)?.oid ?? null) !== before) continue;
    // It may have been changed once more since: what is committed counts.
    const now = await committed(file);
    if (now !== before) lost.set(file, now === null ? null : unseen(now));
  }
  return lost;
}

function readLast(stateDir: string): LastIndex | undefined {
  try {
    const text = readFileSync(path.join(stateDir, FILE), "utf8");
    if (text !== known.text) known = { text, last: JSON.parse(text) as LastIndex };
    const { last } = known;
    return typeof last.checksum === "string" && Array.isArray(last.changes) ? last : undefined;
  } catch {
    return undefined;
  }
}

/** What was read or written last: a process that goes on reads twice a change what it wrote itself. */
let known: { readonly text: string; readonly last: LastIndex } = { text: "", last: { checksum: "", changes: [] } };

/** An entry of which git does not know the file: it looks at the bytes. */
function unseen(oid: string): IndexItem {
  return { oid, mode: "100644", stat: { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 } };
}
