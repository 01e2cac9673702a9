import { createHash } from "node:crypto";
import { appendFileSync, closeSync, fstatSync, lstatSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { CommitPerson } from "../commits/commit.ts";
import { writeDurable } from "../disk/durable.ts";
import { holding } from "../disk/heldLock.ts";
import { type IndexEntry, type IndexItem, parseIndex, readIndexFile } from "../index/indexFile.ts";
import { spliceIndex } from "../index/spliceIndex.ts";
import { hashObject } from "../objects/objects.ts";
import { readHead, readRef, removeOwnRefLock, swapRef } from "../refs/refs.ts";
import { isOid } from "../repository/oid.ts";
import { type Repository, readText } from "../repository/repository.ts";
import { lsTree } from "../trees/lsTree.ts";
import { spliceTree, type TreeItem } from "../trees/tree.ts";
import { inspectObject } from "./check.ts";
import { soundPackedRefs } from "./checkRefs.ts";

/** Id to bytes of all trees that hold exactly `files` (path to mode and blob), with the id of the top one. */
export function treesOf(files: ReadonlyMap<string, TreeItem>): {
  readonly top: string;
  readonly trees: Map<string, Buffer>;
} {
  const trees = new Map<string, Buffer>();
  const build = (inside: ReadonlyMap<string, TreeItem>): string => {
    const items = new Map<string, TreeItem>();
    const folders = new Map<string, Map<string, TreeItem>>();
    for (const [file, item] of inside) {
      const slash = file.indexOf("/");
      if (slash < 0) items.set(file, item);
      else {
        const folder = folders.get(file.slice(0, slash)) ?? new Map<string, TreeItem>();
        folders.set(file.slice(0, slash), folder.set(file.slice(slash + 1), item));
      }
    }
    for (const [name, below] of folders) items.set(name, { mode: "40000", oid: build(below) });
    const bytes = spliceTree(undefined, items);
    const oid = hashObject("tree", bytes);
    trees.set(oid, bytes);
    return oid;
  };
  return { top: build(files), trees };
}

/** How a worktree's index is: whole with its entries, or not; `foreign` is whole, and nothing that we can write. */
export type IndexState =
  | { readonly state: "missing" | "damaged" }
  | { readonly state: "foreign"; readonly what: string; readonly help: string }
  | { readonly state: "whole"; readonly entries: ReadonlyMap<string, IndexEntry> };

/** Reads the index and verifies its checksum; git may leave that empty. */
export function checkIndex(repository: Repository): IndexState {
  try {
    const bytes = readIndexFile(repository);
    if (bytes === undefined) return { state: "missing" };
    const seal = bytes.subarray(-20);
    const isSealed =
      seal.every((byte) => byte === 0) || seal.equals(createHash("sha1").update(bytes.subarray(0, -20)).digest());
    return isSealed ? { state: "whole", entries: parseIndex(bytes) } : { state: "damaged" };
  } catch (error) {
    return error instanceof AyoError && error.data?.what !== undefined ? foreign(error) : { state: "damaged" };
  }
}

function foreign({ data, try: help = [] }: AyoError): IndexState {
  return { state: "foreign", what: String(data?.what), help: help.join(" ") };
}

/** The paths at which the index differs from a commit. */
export async function indexDrift(
  repository: Repository,
  entries: ReadonlyMap<string, IndexEntry>,
  commit: string,
): Promise<string[]> {
  const committed = await lsTree(repository, commit, { recursive: true });
  const isSame = (file: string): boolean => {
    const entry = entries.get(file);
    const item = committed.get(file);
    return entry?.oid === item?.oid && entry?.mode === item?.mode && entry?.stage === 0;
  };
  return [...new Set([...entries.keys(), ...committed.keys()])].filter((file) => !isSame(file)).sort();
}

/**
 * Writes an index that is exactly the tree of HEAD's commit; false when another process holds index.lock, or HEAD has
 * moved to another commit.
 * @throws not_found when the commit's folders cannot be read
 */
export async function rebuildIndex(repository: Repository, commit: string, signature: string): Promise<boolean> {
  const items = new Map<string, IndexItem>();
  for (const [file, { mode, oid }] of await lsTree(repository, commit, { recursive: true })) {
    items.set(file, { oid, mode: mode as IndexItem["mode"], stat: statOf(path.join(repository.worktree, file), oid) });
  }
  const bytes = spliceIndex(undefined, items);
  const file = path.join(repository.gitDir, "index");
  const made = holding(`${file}.lock`, signature, repository.gitDir, () => {
    // Whoever commits holds this lock: with it, HEAD stays. An index of another commit would be a change to be committed.
    if (readHead(repository).oid !== commit) return false;
    writeDurable(file, bytes, { tmpDir: repository.gitDir });
    return true;
  });
  return made ?? false;
}

/**
 * Drops the lines of packed-refs that git cannot read, under git's own lock: git may be packing refs just now, and what
 * it packs is nowhere else. False when another process holds the lock.
 */
export function mendPackedRefs(repository: Repository, signature: string): boolean {
  const { commonDir } = repository;
  const file = path.join(commonDir, "packed-refs");
  const mended = holding(`${file}.lock`, signature, commonDir, () => {
    const sound = soundPackedRefs(repository);
    if (sound !== undefined) writeDurable(file, Buffer.from(sound), { tmpDir: commonDir });
    return true;
  });
  return mended ?? false;
}

/** Makes HEAD name a branch. */
export function writeHead({ gitDir }: Repository, ref: string): void {
  writeDurable(path.join(gitDir, "HEAD"), Buffer.from(`ref: ${ref}\n`), { tmpDir: gitDir });
}

/**
 * Points a ref, damaged or not, at a commit; false when another process holds its lock, or has moved it since `judged`
 * was what it named.
 */
export function pointRef(
  repository: Repository,
  ref: string,
  oid: string,
  { who, judged, message = "doctor: restore the branch" }: PointOptions,
): boolean {
  // What another repair was killed at, which led to the same.
  removeOwnRefLock(repository, ref, oid);
  const now = readRef(repository, ref);
  if (now !== judged) return false;
  return now === oid && readText(path.join(repository.commonDir, ref)).trim() === oid
    ? true
    : swapRef(repository, ref, now, oid, { reflog: { ...who, message }, replaceDamaged: true }) === "ok";
}

/** How a ref is pointed at another commit. */
export interface PointOptions {
  readonly who: CommitPerson;
  /** What `readRef` said of it when that was found to be wrong. */
  readonly judged: string | undefined;
  readonly message?: string;
}

/** The lines of a log that name lost commits: `git fsck` fails over them for ever. */
export async function lostLogLines(repository: Repository, log: string): Promise<string[]> {
  const known = new Map<string, boolean>();
  const lost: string[] = [];
  for (const line of readText(log)
    .split("\n")
    .filter((one) => one !== "")) {
    const oids = [line.slice(0, 40), line.slice(41, 81)];
    for (const oid of oids) if (!known.has(oid)) known.set(oid, await isThere(repository, oid));
    if (!oids.every((oid) => known.get(oid))) lost.push(line);
  }
  return lost;
}

/** Drops what a ref's log says of lost commits. */
export async function pruneLog(repository: Repository, log: string): Promise<void> {
  const lost = new Set(await lostLogLines(repository, log));
  if (lost.size === 0) return;
  const handle = openSync(log, "r");
  try {
    const before = readFileSync(handle);
    const kept = before
      .toString("latin1")
      .split("\n")
      .filter((line) => line !== "" && !lost.has(Buffer.from(line, "latin1").toString("utf8")));
    const text = kept.map((line) => `${line}\n`).join("");
    writeDurable(log, Buffer.from(text, "latin1"), { tmpDir: repository.gitDir });
    await takeLate(handle, log, before.length);
  } finally {
    closeSync(handle);
  }
}

/** How often, and after how many milliseconds each, it is looked for what was still written to a replaced log. */
const LATE_LOOKS = 4;
const LATE_MS = 15;

/** Whoever moved a branch meanwhile wrote it to the file that was replaced, also a moment later: it may have been open. */
async function takeLate(handle: number, log: string, from: number): Promise<void> {
  let taken = from;
  for (let look = 0; look < LATE_LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    const late = Buffer.alloc(Math.max(0, fstatSync(handle).size - taken));
    if (late.length === 0) continue;
    const read = readSync(handle, late, 0, late.length, taken);
    appendFileSync(log, late.subarray(0, read));
    taken += read;
  }
}

async function isThere(repository: Repository, oid: string): Promise<boolean> {
  if (!isOid(oid)) return false;
  return /^0+$/.test(oid) || typeof (await inspectObject(repository, oid, "commit")) !== "string";
}

/** A stat that lets git skip the file when it is as committed, and makes it look otherwise. */
function statOf(file: string, oid: string): IndexItem["stat"] {
  try {
    const stat = lstatSync(file);
    if (stat.isFile() && hashObject("blob", readFileSync(file)) === oid) return stat;
  } catch {
    // Not there: git will say so.
  }
  return { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
}
