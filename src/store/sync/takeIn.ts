import { chmodSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { openBlobs } from "../../git/commits/commitReader.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { Files, Told, TreeMerge } from "../../ticket/merge/trees/trees.ts";
import { applyPlan } from "../change/apply.ts";
import { updateIndexAfter } from "../change/ownCommits.ts";
import type { Plan } from "../change/plan.ts";
import { transaction } from "../change/transaction.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import { bytesOf, type ReadBlob } from "./blobText.ts";
import { filesAt, forgetFiles } from "./filesAt.ts";
import { assertKnownFiles, assertSize } from "./known.ts";
import { mergeCommits } from "./mergeCommits.ts";

/** What came of taking a commit in. */
export interface TakenIn {
  /** The store's commit from now on. */
  readonly commit: string;
  readonly state: "has_all" | "forward" | "merged";
  /** How many files of the store's folder are others now. */
  readonly files: number;
  readonly told: readonly Told[];
  readonly setAside: TreeMerge["setAside"];
  readonly notices: readonly string[];
}

const AYO: Actor = { name: "ayo", email: "ayo@ayo.invalid", agent: false };

/**
 * Takes in a commit of the store's branch that was made elsewhere and lies among its objects: goes forward to it, or
 * merges it with what was made here. Files go to the disk as those of any change, and what somebody edits meanwhile
 * stays. It fires no hooks.
 * @throws git_unsupported for what no store has, git_busy, not_found
 */
export async function takeIn(store: Store, journal: Journal, commit: string): Promise<TakenIn> {
  if (journal.mode !== "own")
    throw new AyoError("bad_usage", "the tickets lie in the project's own branch: git pull and git push bring them");
  try {
    await assertCommit(journal, commit);
    assertKnownFiles(await filesAt(journal, commit), commit);
    const { result, notices } = await transaction(store, { actor: AYO, mustCommit: true }, async () => ({
      result: await takeInNow(store, journal, commit),
    }));
    return { ...result, notices: [...notices, ...result.notices] };
  } finally {
    forgetFiles(journal);
  }
}

/** Whoever may write a remote's ref can have it name anything: a tag would be put in the place of a commit. */
async function assertCommit({ repository }: Journal, oid: string): Promise<void> {
  const { type } = await readObject(repository, oid);
  if (type === "commit") return;
  throw new AyoError("git_unsupported", `what is there for tickets is a ${type} and no commit: ${oid.slice(0, 8)}`, {
    data: { oid, type },
  });
}

async function takeInNow(store: Store, journal: Journal, commit: string): Promise<TakenIn> {
  const { index } = store;
  const head = index?.head;
  if (index === undefined || head === undefined) throw new AyoError("git_busy", "the store has no commit yet");
  const merged = await mergeCommits(store, journal, head, commit);
  const nothing = { told: [], setAside: [], notices: [] };
  if (merged.state === "has_all" && merged.commit === head)
    return { ...nothing, state: "has_all", commit: head, files: 0 };
  const { commit: made } = merged;
  const plan = await planTo(journal, head, made, await filesAt(journal, commit));
  const applied = await applyPlan(store, journal, index, plan);
  if (applied.state === "deferred") throw new AyoError("git_busy", `nothing was changed: ${applied.reason}`);
  for (const file of plan.made?.executables ?? []) makeExecutable(path.join(store.dir, file));
  await updateIndexAfter(store, journal, index, plan, applied);
  const common = { commit: made, files: plan.files.size, notices: applied.notices };
  return merged.state === "merged"
    ? { ...common, state: "merged", told: merged.told, setAside: merged.setAside }
    : { ...common, state: "forward", told: [], setAside: [] };
}

/** The change is made: a file that is gone again, or on a system without such bits, is no failure of it. */
function makeExecutable(file: string): void {
  try {
    chmodSync(file, 0o755);
  } catch {
    // `git status` shows it, where it is there.
  }
}

/**
 * What goes to the disk where a commit that is there already becomes the store's. Only what was `sent` has a limit: what a
 * merge makes of two texts, or what lies here, stops nobody from taking in the rest.
 */
async function planTo(journal: Journal, head: string, made: string, sent: Files): Promise<Plan> {
  const [old, now] = [await filesAt(journal, head), await filesAt(journal, made)];
  const { read, close } = openBlobs(journal.repository);
  try {
    const plan = planBetween(old, now, made, read);
    for (const [file, bytes] of plan.files)
      if (bytes !== null && blobOf(sent.get(file)) === blobOf(now.get(file))) assertSize(file, bytes.length);
    return plan;
  } finally {
    close();
  }
}

function planBetween(old: Files, now: Files, made: string, read: ReadBlob): Plan {
  const files = new Map<string, Buffer | null>();
  const before = new Map<string, string | null>();
  const bases = new Map<string, Buffer>();
  const blobs = new Map<string, string | null>();
  const executables = new Set<string>();
  for (const file of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(file), now.get(file)] as const;
    const [from, to] = [blobOf(was), blobOf(is)];
    if (from === to && was?.mode === is?.mode) continue;
    files.set(file, to === null ? null : bytesOf(read, to));
    before.set(file, from);
    blobs.set(file, to);
    if (from !== null) bases.set(from, bytesOf(read, from));
    if (is?.mode === "100755") executables.add(file);
  }
  const sentence = { subject: `merge ${made.slice(0, 8)}`, tickets: [] };
  const common = { files, before, bases, sentence, actor: AYO, mayDefer: false, inPlace: false, quiet: true };
  return { ...common, made: { oid: made, tree: "", blobs, executables } };
}

function blobOf(content: Files extends ReadonlyMap<string, infer C> ? C | undefined : never): string | null {
  return content !== undefined && "blob" in content ? content.blob : null;
}
