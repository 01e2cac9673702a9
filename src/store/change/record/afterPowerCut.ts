import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createExclusive } from "../../../git/disk/durable.ts";
import { type IndexItem, parseIndex, readIndexFile } from "../../../git/index/indexFile.ts";
import { commitIndex } from "../../../git/index/indexLock.ts";
import { nextIndexOf } from "../../../git/index/spliceIndex.ts";
import { hashObject } from "../../../git/objects/objects.ts";
import { readHead } from "../../../git/refs/refs.ts";
import type { Journal } from "../../open/store.ts";
import { inRepository } from "../../open/store.ts";
import { committedBlobs } from "./onCommitted.ts";
import type { RedoRecord } from "./redo.ts";

/** How a file looks that a change was to give the bytes `wanted`, after a power cut. */
export type Look = "whole" | "torn" | "gone" | "other";

/**
 * Looks at a file: torn is what is empty, or has the beginning of what it was to hold and then NUL bytes or nothing, and
 * is not what it was `before`.
 */
export function lookAt(target: string, wanted: Buffer, before: string | null): Look {
  if (statSync(target, { throwIfNoEntry: false }) === undefined) return "gone";
  const bytes = readFileSync(target);
  if (bytes.equals(wanted)) return "whole";
  // A note makes a text of which the one before is the beginning.
  if (hashObject("blob", bytes) === before) return "other";
  let same = 0;
  while (same < bytes.length && bytes[same] === wanted[same]) same++;
  return bytes.subarray(same).every((byte) => byte === 0) ? "torn" : "other";
}

/**
 * Brings the git index in line with the branch at the paths of a record: when the power fails, a file system may keep
 * the one and lose the other, and the next `git commit` in the project would take the change back, or make it again.
 * Entries that somebody else has changed since stay.
 */
export async function mendIndex(journal: Journal, record: RedoRecord): Promise<void> {
  const { repository } = journal;
  const bytes = readIndexFile(repository);
  const entries = bytes === undefined ? new Map() : parseIndex(bytes);
  const now = committedBlobs(journal, readHead(repository).oid);
  const was = committedBlobs(journal, record.base);
  const made = committedBlobs(journal, record.commit);
  const changes = new Map<string, IndexItem | null>();
  for (const file of Object.keys(record.paths)) {
    // A record can survive without the objects of its commit; then nothing of it has come into the index.
    const own = [await was(file), await made(file).catch(() => undefined)];
    const [wanted, full] = [await now(file), inRepository(journal, file)];
    const entry = entries.get(full)?.oid ?? null;
    if (entry !== wanted && own.includes(entry)) changes.set(full, wanted === null ? null : unseen(wanted));
  }
  if (changes.size === 0) return;
  const lock = path.join(repository.gitDir, "index.lock");
  if (createExclusive(lock, nextIndexOf(repository, changes), repository.gitDir)) commitIndex(repository);
}

/** An entry of which git does not know the file: it looks at the bytes. */
function unseen(oid: string): IndexItem {
  return { oid, mode: "100644", stat: { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 } };
}
