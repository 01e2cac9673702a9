import { lstatSync } from "node:fs";
import path from "node:path";
import { type BuiltCommit, buildCommit, type FileMode, type TreeChange } from "../git/commit.ts";
import { gitBytes, readConversion } from "../git/convert.ts";
import { type Flush, openFlush, syncFoldersTogether } from "../git/flush.ts";
import {
  commitIndex,
  dropIndexLock,
  type IndexItem,
  indexChecksum,
  lockIndex,
  readIndexFile,
  spliceIndex,
} from "../git/indexFile.ts";
import { hashObject, readObject, stageObject, writeObject } from "../git/objects.ts";
import { operationInProgress } from "../git/operation.ts";
import { writePack } from "../git/pack.ts";
import { readHead, swapRef } from "../git/refs.ts";
import { bootId } from "../host.ts";
import type { Index } from "./entry.ts";
import { type Actor, personOf } from "./identity.ts";
import { commitMessage, commitPerson, type Sentence } from "./message.ts";
import { noteCommit } from "./noteCommit.ts";
import {
  assertInside,
  assertWritable,
  BULK,
  foldersOf,
  placeFile,
  type Staged,
  stageFiles,
  syncFolders,
  unstage,
} from "./place.ts";
import { dropRecord, type RedoRecord, stageRecord, writeRecord } from "./redo.ts";
import { gitEnv } from "./refresh.ts";
import type { Journal, Store } from "./store.ts";

/** A change that is ready to be written: new bytes (null: delete) and the blob each path must still have. */
export interface Plan {
  readonly files: ReadonlyMap<string, Buffer | null>;
  readonly before: ReadonlyMap<string, string | null>;
  readonly sentence: Sentence;
  readonly actor: Actor;
  /** False for claims, which must never be in doubt. */
  readonly mayDefer: boolean;
  /** True where the files already stand on disk as they are to be committed. */
  readonly inPlace: boolean;
  /** True for what a hook changes: it fires no hooks. */
  readonly quiet?: boolean;
}

/** How writing a plan ended; after `moved` nothing was changed and the caller starts over. */
export type Applied =
  | { readonly state: "committed"; readonly commit: string; readonly blobs: ReadonlyMap<string, string | null> }
  | { readonly state: "moved" }
  | { readonly state: "deferred"; readonly reason: string };

/** How long a foreign lock is waited for before the commit is deferred (amendment 3). */
const FOREIGN_LOCK_MS = 1_000;

/**
 * Writes a plan in the order of amendment 1: objects, redo record, index.lock, branch by compare-and-swap, files,
 * index, record gone. Call it with the store's lock held and an index that was just refreshed.
 * @throws git_busy when it may not defer, disk_full, store_not_writable
 */
export async function applyPlan(store: Store, journal: Journal, index: Index, plan: Plan): Promise<Applied> {
  for (const file of plan.files.keys()) assertInside(store.dir, file);
  if (!plan.inPlace) assertWritable(store.dir, plan.files.keys());
  const obstacle = obstacleTo(journal);
  if (obstacle !== undefined) return { state: "deferred", reason: obstacle };
  const head = readHead(journal.repository);
  if (head.oid !== index.head) return { state: "moved" };
  const now = store.host.now();
  const flush = openFlush();
  try {
    const commit = await build(store, journal, plan, { base: head.oid, flush, now });
    const staged = plan.inPlace
      ? inPlace(plan)
      : stageFiles(plan.files, `${journal.stateDir}/tmp`, store.host.pid, flush);
    try {
      return await swap(store, journal, plan, {
        ...commit,
        base: head.oid,
        ref: head.ref as string,
        staged,
        flush,
        now,
      });
    } finally {
      unstage(staged.filter(() => !plan.inPlace));
    }
  } finally {
    flush.drop();
  }
}

/** Why git cannot take a commit of ours right now, or undefined. */
export function obstacleTo(journal: Journal): string | undefined {
  const operation = journal.mode === "inline" ? operationInProgress(journal.repository) : undefined;
  if (operation !== undefined) return `a ${operation} is in progress`;
  if (readHead(journal.repository).ref === undefined) return "HEAD is detached";
  return undefined;
}

type Built = Pick<BuiltCommit, "oid" | "blobs" | "executables">;

/** Hooks are executable as they are on disk; what we write ourselves never is. */
function modeOf({ dir }: Store, { inPlace }: Plan, file: string): { readonly mode?: FileMode } {
  if (!inPlace) return { mode: "100644" };
  if (!file.startsWith("hooks/")) return {};
  const stat = lstatSync(`${dir}/${file}`, { throwIfNoEntry: false });
  return { mode: stat !== undefined && (stat.mode & 0o100) !== 0 ? "100755" : "100644" };
}

interface Attempt extends Built {
  readonly base: string | undefined;
  readonly ref: string;
  readonly staged: readonly Staged[];
  /** The commit's time, and the log's: what a lost commit is made again from. */
  readonly now: number;
  /** Everything that was written for this attempt and must be on the disk before the branch moves. */
  readonly flush: Flush;
}

async function build(
  store: Store,
  journal: Journal,
  plan: Plan,
  { base, flush, now }: Pick<Attempt, "base" | "flush" | "now">,
): Promise<Built> {
  const { repository } = journal;
  const conversion = journal.mode === "inline" ? readConversion(repository, gitEnv(store)) : undefined;
  const changes = new Map<string, TreeChange | null>();
  for (const [file, bytes] of plan.files) {
    const converted = bytes !== null && conversion !== undefined ? gitBytes(file, bytes, conversion) : bytes;
    // Recovery puts the bytes themselves in place, which a conversion keeps out of the commit.
    if (bytes !== null && converted !== bytes) stageObject(repository, "blob", bytes, flush);
    const mode = modeOf(store, plan, file);
    changes.set(inRepository(journal, file), converted === null ? null : { bytes: converted, ...mode });
  }
  const meta = {
    author: commitPerson(plan.actor, now),
    committer: commitPerson(personOf(store), now),
    message: commitMessage(plan.sentence, plan.actor),
  };
  if (plan.files.size <= BULK) {
    return buildCommit(repository, base, changes, meta, (type, bytes) => stageObject(repository, type, bytes, flush));
  }
  const objects: { type: "blob" | "tree" | "commit"; bytes: Buffer }[] = [];
  const built = await buildCommit(repository, base, changes, meta, (type, bytes) => {
    objects.push({ type, bytes });
    return hashObject(type, bytes);
  });
  writePack(repository, objects);
  return built;
}

async function swap(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Applied> {
  const deadline = Date.now() + FOREIGN_LOCK_MS;
  let prepared = await prepare(store, journal, plan, attempt);
  for (;;) {
    const swapped = trySwap(store, journal, plan, { ...attempt, ...prepared });
    if (swapped === "ok") return finish(store, journal, plan, attempt, prepared.record);
    if (swapped === "moved" || Date.now() > deadline) dropRecord(prepared.record);
    if (swapped === "moved") return { state: "moved" };
    if (Date.now() > deadline) return { state: "deferred", reason: "git is locked by another process" };
    await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 20));
    // Whoever had the lock may have written another index.
    prepared = prepareAgain(store, journal, plan, attempt, prepared.record);
  }
}

/** What the swap needs besides the commit: the record on the disk, the new index and the locks' contents. */
interface Prepared {
  readonly record: string;
  readonly newIndex: Buffer;
  /** The index that it was made from. */
  readonly oldIndex: string;
  /** Synced files that become index.lock and the ref's lock; made again where they are missing. */
  readonly indexFile?: string;
  readonly refFile?: string;
}

/** Puts everything on the disk that must be there before the branch moves, in one go. */
async function prepare(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Prepared> {
  const { repository, stateDir } = journal;
  const { flush } = attempt;
  const oldIndex = indexChecksum(repository);
  const newIndex = nextIndex(journal, attempt);
  const record = recordOf(plan, attempt, newIndex.subarray(-20), store.host.now());
  const file = stageRecord(stateDir, record, store.host.pid, flush);
  const indexFile = flush.write(repository.gitDir, newIndex, path.join(repository.gitDir, "index.lock"));
  const refFile = flush.write(repository.commonDir, Buffer.from(`${attempt.oid}\n`), attempt.ref);
  await flush.sync();
  return { record: file, newIndex, oldIndex, indexFile, refFile };
}

function prepareAgain(store: Store, journal: Journal, plan: Plan, attempt: Attempt, record: string): Prepared {
  const oldIndex = indexChecksum(journal.repository);
  const newIndex = nextIndex(journal, attempt);
  const content = recordOf(plan, attempt, newIndex.subarray(-20), store.host.now());
  return { record: writeRecord(journal.stateDir, content, store.host.pid, record), newIndex, oldIndex };
}

/** Takes both locks and moves the branch; changes nothing unless it answers `ok`. */
function trySwap(store: Store, { repository }: Journal, plan: Plan, attempt: Attempt & Prepared) {
  const { ref, base, oid, newIndex, oldIndex, indexFile, refFile } = attempt;
  if (!lockIndex(repository, newIndex, indexFile)) return "locked";
  // What somebody staged between our look at the index and our lock must not be lost.
  const isStale = indexChecksum(repository) !== oldIndex;
  const temporary = refFile === undefined ? {} : { temporary: refFile };
  const options = { reflog: reflog(store, plan, attempt.now), unsynced: true, ...temporary };
  const swapped = isStale ? "locked" : swapRef(repository, ref, base, oid, options);
  if (swapped !== "ok") dropIndexLock(repository, newIndex.subarray(-20));
  return swapped;
}

async function finish(store: Store, journal: Journal, plan: Plan, attempt: Attempt, record: string): Promise<Applied> {
  const { repository } = journal;
  const readBase = async (oid: string): Promise<Buffer> => (await readObject(repository, oid)).bytes;
  const folders = [path.dirname(path.join(repository.commonDir, attempt.ref)), repository.gitDir];
  // No waiting in here: a `git commit` that saw the new branch and read the old index would undo the change.
  if (!plan.inPlace) {
    for (const staged of attempt.staged) {
      await placeFile(store.dir, staged, plan.before.get(staged.file) ?? null, readBase);
    }
    folders.push(...foldersOf(store.dir, plan.files.keys()));
  }
  commitIndex(repository, { unsynced: true });
  await syncFoldersTogether(folders);
  if (!plan.quiet) await noteCommit(store, journal, attempt.oid);
  if (plan.files.size <= BULK || plan.inPlace) dropRecord(record);
  else
    writeRecord(
      journal.stateDir,
      { ...recordOf(plan, attempt, Buffer.alloc(20), store.host.now()), state: "settling" },
      store.host.pid,
      record,
    );
  return { state: "committed", commit: attempt.oid, blobs: attempt.blobs };
}

/** Puts the files of a change in place whose commit must wait, behind a record that keeps actor and sentence. */
export async function deferPlan(store: Store, journal: Journal, plan: Plan): Promise<void> {
  const { repository, stateDir } = journal;
  assertWritable(store.dir, plan.files.keys());
  const blobs = [...plan.files.values()].filter((bytes) => bytes !== null);
  if (blobs.length > BULK)
    writePack(
      repository,
      blobs.map((bytes) => ({ type: "blob", bytes })),
    );
  else for (const bytes of blobs) writeObject(repository, "blob", bytes);
  const staged = stageFiles(plan.files, `${stateDir}/tmp`, store.host.pid);
  const head = readHead(repository);
  const { actor, sentence } = plan;
  const at = store.host.now();
  const common = { base: head.oid, commit: "", ref: head.ref ?? "", indexChecksum: "", boot: bootId() };
  const told = { paths: pathsOf(plan), actor, sentence, at, ...quietOf(plan) };
  writeRecord(stateDir, { ...common, state: "deferred", ...told }, store.host.pid);
  const readBase = async (oid: string): Promise<Buffer> => (await readObject(repository, oid)).bytes;
  for (const one of staged) await placeFile(store.dir, one, plan.before.get(one.file) ?? null, readBase);
  syncFolders(store.dir, plan.files.keys());
}

/** A path of the store as the repository knows it. */
export function inRepository(journal: Journal, file: string): string {
  return journal.prefix === "" ? file : `${journal.prefix}/${file}`;
}

function inPlace(plan: Plan): Staged[] {
  return [...plan.files].map(([file, bytes]) => ({ file, temporary: undefined, bytes: bytes ?? undefined }));
}

function nextIndex(journal: Journal, attempt: Attempt): Buffer {
  const changes = new Map<string, IndexItem | null>();
  for (const { file, temporary } of attempt.staged) {
    const target = inRepository(journal, file);
    const oid = attempt.blobs.get(target) ?? null;
    if (oid === null) changes.set(target, null);
    else {
      const where = temporary ?? `${journal.repository.worktree}/${target}`;
      const mode = attempt.executables.has(target) ? "100755" : "100644";
      changes.set(target, { oid, mode, stat: statOrNothing(where) });
    }
  }
  return spliceIndex(readIndexFile(journal.repository), changes);
}

/** A stat that git finds different only makes it look at the bytes. */
function statOrNothing(file: string) {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat ?? { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
}

function recordOf(plan: Plan, attempt: Attempt, checksum: Buffer, at: number): RedoRecord {
  const { actor, sentence } = plan;
  const { base, oid: commit, ref } = attempt;
  const indexChecksum = checksum.toString("hex");
  const common = { base, commit, ref, indexChecksum, at, boot: bootId() };
  return { ...common, state: "prepared", paths: pathsOf(plan), actor, sentence, ...quietOf(plan) };
}

function quietOf({ quiet }: Plan): Pick<RedoRecord, "quiet"> {
  return quiet ? { quiet: true } : {};
}

/** What a record says of the files: blob ids of the bytes on disk before and after. */
function pathsOf(plan: Plan): RedoRecord["paths"] {
  const paths: Record<string, { before: string | null; after: string | null }> = {};
  for (const [file, bytes] of plan.files) {
    paths[file] = { before: plan.before.get(file) ?? null, after: bytes === null ? null : hashObject("blob", bytes) };
  }
  return paths;
}

function reflog(store: Store, plan: Plan, now: number) {
  return {
    ...commitPerson(personOf(store), now),
    message: plan.sentence.subject,
  };
}
