import { lstatSync } from "node:fs";
import path from "node:path";
import type { BuiltCommit } from "../../git/commits/commit.ts";
import { writeDurable } from "../../git/disk/durable.ts";
import type { Flush } from "../../git/disk/flush.ts";
import { type IndexItem, indexChecksum } from "../../git/index/indexFile.ts";
import { nextIndexOf } from "../../git/index/spliceIndex.ts";
import { bootId } from "../../processes.ts";
import type { Staged } from "../files/stage.ts";
import { inRepository, type Journal, type Store } from "../open/store.ts";
import { lostFromIndex } from "./place/staleIndex.ts";
import { type Plan, recordedOf, type Step } from "./plan.ts";
import { type RedoRecord, stageRecord, writeRecord } from "./record/redo.ts";
import { tokensOf } from "./record/tokens.ts";

/** Commits that were built, one on the other: `oid` is the last, and all that they change together is here. */
export interface Built extends Pick<BuiltCommit, "oid" | "blobs" | "executables"> {
  readonly steps: readonly Step[];
}

/** A commit, and what is to be put in place with it. */
export interface Attempt extends Built {
  readonly base: string | undefined;
  readonly ref: string;
  readonly staged: readonly Staged[];
  /** The commit's time, and the log's: what a lost commit is made again from. */
  readonly now: number;
  /** Everything that was written for this attempt and must be on the disk before the branch moves. */
  readonly flush: Flush;
}

/** What the swap needs besides the commit: the record on the disk, the new index and the tokens. */
export interface Prepared {
  readonly record: string;
  readonly newIndex: Buffer;
  /** The index that it was made from. */
  readonly oldIndex: string;
  readonly token: string;
}

let counter = 0;

/** Puts everything on the disk that must be there before the branch moves, in one go. */
export async function prepare(store: Store, journal: Journal, plan: Plan, attempt: Attempt): Promise<Prepared> {
  const { repository, stateDir } = journal;
  const { flush } = attempt;
  const oldIndex = indexChecksum(repository);
  const newIndex = nextIndex(journal, attempt, await lostFromIndex(journal, attempt.base, oldIndex));
  const token = `${store.host.pid}x${(counter++).toString(36)}x${Math.random().toString(36).slice(2)}`;
  const record = recordOf(plan, attempt, { newIndex, token }, store.host.now());
  const file = stageRecord(stateDir, record, store.host.pid, flush);
  const { index, ref } = tokensOf(journal, token);
  flush.write(repository.gitDir, newIndex, index, undefined, path.basename(index));
  flush.write(repository.commonDir, Buffer.from(`${attempt.oid}\n`), attempt.ref, undefined, path.basename(ref));
  await flush.sync();
  return { record: file, newIndex, oldIndex, token };
}

/** The same where git's index has changed since. */
export async function prepareAgain(
  store: Store,
  journal: Journal,
  plan: Plan,
  attempt: Attempt,
  before: Prepared,
): Promise<Prepared> {
  const { repository, stateDir } = journal;
  const { record, token } = before;
  const oldIndex = indexChecksum(repository);
  if (oldIndex === before.oldIndex) return before;
  const newIndex = nextIndex(journal, attempt, await lostFromIndex(journal, attempt.base, oldIndex));
  const content = recordOf(plan, attempt, { newIndex, token }, store.host.now());
  writeDurable(tokensOf(journal, token).index, newIndex, { tmpDir: repository.gitDir });
  writeRecord(stateDir, content, store.host.pid, record);
  return { record, newIndex, oldIndex, token };
}

function nextIndex(journal: Journal, attempt: Attempt, lost: ReadonlyMap<string, IndexItem | null>): Buffer {
  const changes = new Map(lost);
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
  return nextIndexOf(journal.repository, changes);
}

/** A stat that git finds different only makes it look at the bytes. */
function statOrNothing(file: string) {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat ?? { ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
}

/** The record of an attempt. */
export function recordOf(
  plan: Plan,
  attempt: Attempt,
  { newIndex, token }: Pick<Prepared, "newIndex" | "token">,
  at: number,
): RedoRecord {
  const { base, oid: commit, ref } = attempt;
  const steps = attempt.steps.map((step) => ({
    ...recordedOf(step.plan, step.store.host.request?.name),
    commit: step.commit,
  }));
  const [only] = attempt.steps;
  const request = steps.length === 1 ? only?.store.host.request?.name : undefined;
  const indexChecksum = newIndex.subarray(-20).toString("hex");
  const common = { base, commit, ref, indexChecksum, token, at, boot: bootId() };
  return { ...common, state: "prepared", ...recordedOf(plan, request), ...(steps.length === 1 ? {} : { steps }) };
}
