import { existsSync, lstatSync } from "node:fs";
import {
  type BuiltCommit,
  buildCommit,
  type CommitPerson,
  type FileMode,
  type TreeChange,
} from "../../git/commits/commit.ts";
import { openFlush } from "../../git/disk/flush.ts";
import { hashObject, type ObjectType, stageObject, writeObject } from "../../git/objects/objects.ts";
import { type PackObject, writePack } from "../../git/objects/pack.ts";
import { notePack } from "../../git/packing/packList.ts";
import { type Head, readHead } from "../../git/refs/refs.ts";
import { gitBytes, readConversion } from "../../git/repository/convert.ts";
import { operationInProgress } from "../../git/repository/operation.ts";
import { bootId } from "../../processes.ts";
import { gitEnv } from "../disk/refresh.ts";
import { BULK, type Staged, stageFiles, unstage } from "../files/stage.ts";
import { assertInside, assertWritable, syncFolders } from "../files/storePaths.ts";
import type { Index } from "../open/entry.ts";
import { personOf } from "../open/identity/identity.ts";
import { placeTogether } from "../open/indexTurns.ts";
import { outerGit } from "../open/outerGit.ts";
import type { Journal, Store } from "../open/store.ts";
import { inRepository } from "../open/store.ts";
import { commitMessage, commitPerson } from "./message.ts";
import { placeAll, placingOf } from "./place/placeAll.ts";
import { type Applied, type Part, type Plan, recordedOf, type Step, wholeOf } from "./plan.ts";
import type { Attempt, Built } from "./prepareSwap.ts";
import { isOnCommitted } from "./record/onCommitted.ts";
import { writeRecord } from "./record/redo.ts";
import { StartOver } from "./startOver.ts";
import { swap } from "./swap.ts";

/**
 * Writes a plan in the one safe order (*The write path* in src/README.md): objects, redo record, index.lock, branch by
 * compare-and-swap, files, index, record gone. Call it with the store's lock held and an index that was just refreshed.
 * @throws StartOver, git_busy when it may not defer, disk_full, store_not_writable
 */
export function applyPlan(store: Store, journal: Journal, index: Index, plan: Plan): Promise<Applied> {
  return applyParts(journal, index, [{ store, plan }]);
}

/** The same for several plans, each of which builds on the one before it: a commit each, and all or none. */
export async function applyParts(journal: Journal, index: Index, parts: readonly [Part, ...Part[]]): Promise<Applied> {
  const [{ store }] = parts;
  const plan = wholeOf(parts);
  for (const file of plan.files.keys()) assertInside(store.dir, file);
  if (!plan.inPlace) assertWritable(store.dir, plan.files.keys());
  const head = readHead(journal.repository);
  const obstacle = obstacleTo(store, journal, head);
  if (obstacle !== undefined) return { state: "deferred", reason: obstacle };
  if (head.oid !== index.head) throw new StartOver("the branch moved on");
  if (!plan.inPlace && !(await isOnCommitted(store, journal, index, plan)))
    throw new StartOver("git has another version of a file than the one that was changed");
  const now = store.host.now();
  const flush = openFlush();
  try {
    const built = await buildAll(journal, parts, { base: head.oid, flush, now });
    const staged = plan.inPlace ? inPlace(plan) : stageFiles(plan.files, stagingPlace(store, journal), flush);
    try {
      return await swap(store, journal, plan, {
        ...built,
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

/** Why git cannot take a commit of ours right now, or undefined. @throws git_busy see outerGit */
export function obstacleTo(
  { host }: Pick<Store, "host">,
  journal: Journal,
  head: Head = readHead(journal.repository),
): string | undefined {
  const operation = operationInProgress(journal.repository);
  if (operation !== undefined) return `a ${operation} is in progress`;
  if (head.ref === undefined) return "HEAD is detached";
  const around = outerGit(host, journal);
  return around === undefined ? undefined : `'${around}' is running`;
}

/** Hooks are executable as they are on disk; what we write is as it was, and what we make never is. */
function modeOf({ dir }: Store, { inPlace, before }: Plan, file: string): { readonly mode?: FileMode } {
  if (!inPlace) return (before.get(file) ?? null) === null ? { mode: "100644" } : {};
  if (!file.startsWith("hooks/")) return {};
  const stat = lstatSync(`${dir}/${file}`, { throwIfNoEntry: false });
  return { mode: stat !== undefined && (stat.mode & 0o100) !== 0 ? "100755" : "100644" };
}

type Ground = Pick<Attempt, "base" | "flush" | "now">;

/** A commit for each part, on the one before it. */
async function buildAll(journal: Journal, parts: readonly Part[], { base, flush, now }: Ground): Promise<Built> {
  const steps: Step[] = [];
  const blobs = new Map<string, string | null>();
  const executables = new Set<string>();
  // What the next commit builds on is on the disk only when all are.
  const unwritten = parts.length === 1 ? undefined : new Map<string, Buffer>();
  let oid = base;
  for (const part of parts) {
    const committer = commitPerson(personOf(part.store), now);
    const built = await build(part, journal, committer, { base: oid, flush, now, unwritten });
    oid = built.oid;
    steps.push({ ...part, commit: oid, committer });
    for (const [file, blob] of built.blobs) {
      blobs.set(file, blob);
      executables.delete(file);
    }
    for (const file of built.executables) executables.add(file);
  }
  return { oid: oid as string, steps, blobs, executables };
}

/** Whether a push of the store is to start no build. */
function skipsCi({ index }: Store, { mode }: Journal): boolean {
  return mode === "own" && index?.config.sync?.skipCi === true;
}

async function build(
  { store, plan }: Part,
  journal: Journal,
  committer: CommitPerson,
  { base, flush, now, unwritten }: Ground & { readonly unwritten: Map<string, Buffer> | undefined },
): Promise<BuiltCommit> {
  if (plan.made !== undefined) return plan.made;
  const { repository } = journal;
  const conversion = journal.mode === "inline" ? readConversion(repository, gitEnv(store), journal.prefix) : undefined;
  const changes = new Map<string, TreeChange | null>();
  for (const [file, bytes] of plan.files) {
    const converted = bytes !== null && conversion !== undefined ? gitBytes(file, bytes, conversion) : bytes;
    // Recovery puts the bytes themselves in place, which a conversion keeps out of the commit.
    if (bytes !== null && converted !== bytes) stageObject(repository, "blob", bytes, flush);
    const mode = modeOf(store, plan, file);
    changes.set(inRepository(journal, file), converted === null ? null : { bytes: converted, ...mode });
  }
  // It may have to merge with the bytes before, too.
  if (conversion !== undefined) for (const base of plan.bases.values()) stageObject(repository, "blob", base, flush);
  const meta = {
    author: commitPerson(plan.actor, now),
    committer,
    message: commitMessage(plan.sentence, plan.actor, skipsCi(store, journal)),
  };
  if (plan.files.size <= BULK) {
    const write = (type: ObjectType, bytes: Buffer): string => {
      const oid = stageObject(repository, type, bytes, flush);
      if (type !== "blob") unwritten?.set(oid, bytes);
      return oid;
    };
    return buildCommit(repository, base, changes, meta, { write, unwritten: (oid) => unwritten?.get(oid) });
  }
  const objects: { type: ObjectType; bytes: Buffer }[] = [];
  const write = (type: ObjectType, bytes: Buffer): string => {
    objects.push({ type, bytes });
    return hashObject(type, bytes);
  };
  const built = await buildCommit(repository, base, changes, meta, { write });
  pack(journal, objects);
  return built;
}

/**
 * Puts the files of a change in place whose commit must wait, behind a record that keeps actor and sentence. Returns
 * what to tell the user.
 * @throws StartOver where the plan `isOld`: others have the store by now, or had it
 */
export async function deferPlan(
  store: Store,
  journal: Journal,
  plan: Plan,
  isOld: () => boolean,
): Promise<readonly string[]> {
  const { repository, stateDir } = journal;
  assertWritable(store.dir, plan.files.keys());
  const blobs = [...plan.files.values(), ...plan.bases.values()].filter((bytes) => bytes !== null);
  if (blobs.length > BULK)
    pack(
      journal,
      blobs.map((bytes) => ({ type: "blob", bytes })),
    );
  else for (const bytes of blobs) writeObject(repository, "blob", bytes);
  const staged = stageFiles(plan.files, stagingPlace(store, journal));
  const head = readHead(repository);
  const at = store.host.now();
  if (isOld()) {
    unstage(staged);
    throw new StartOver("others have the store's lock, or have moved the branch");
  }
  const common = { base: head.oid, commit: "", ref: head.ref ?? "", indexChecksum: "", boot: bootId() };
  const record = writeRecord(stateDir, { ...common, state: "deferred", ...recordedOf(plan), at }, store.host.pid);
  const placing = placingOf(store, journal, () => existsSync(record), plan);
  const before = (file: string): string | null => plan.before.get(file) ?? null;
  const notices = await placeTogether(store, () => placeAll(placing, staged, before));
  syncFolders(store.dir, plan.files.keys());
  return notices;
}

/** Many objects at once; in a store's own repository the pack is one that may be merged with others. */
function pack({ mode, repository }: Journal, objects: Iterable<PackObject>): void {
  const { name } = writePack(repository, objects);
  if (mode === "own" && name !== undefined) notePack(repository, name);
}

function stagingPlace({ dir, host }: Store, { stateDir }: Journal) {
  return { dir, tmpDir: `${stateDir}/tmp`, pid: host.pid };
}

function inPlace(plan: Plan): Staged[] {
  return [...plan.files].map(([file, bytes]) => ({
    file,
    temporary: undefined,
    bytes: bytes ?? undefined,
    mode: undefined,
  }));
}
