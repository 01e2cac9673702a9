import { AyoError } from "../../error.ts";
import { runGit } from "../../git/binary/gitBinary.ts";
import {
  buildCommit,
  type CommitParts,
  type FileMode,
  parseCommit,
  type TreeChange,
} from "../../git/commits/commit.ts";
import { openBlobs } from "../../git/commits/commitReader.ts";
import { hashObject, type ObjectType, readObject, writeObject } from "../../git/objects/objects.ts";
import { type PackObject, writePack } from "../../git/objects/pack.ts";
import { notePack } from "../../git/packing/packList.ts";
import { compareText } from "../../ticket/merge/sides.ts";
import type { Files, Told, TreeContext, TreeMerge, TreeSide } from "../../ticket/merge/trees/trees.ts";
import { formatTime } from "../../ticket/time.ts";
import { SKIP_CI } from "../change/message.ts";
import { gitEnv } from "../disk/refresh.ts";
import { commitsSince } from "../events/branchLine.ts";
import { BULK } from "../files/stage.ts";
import { DEFAULT_CONFIG, parseConfig } from "../open/config/config.ts";
import type { Journal, Store } from "../open/store.ts";
import { bytesOf, type ReadBlob } from "./blobText.ts";
import { filesAt } from "./filesAt.ts";
import { type Reading, sideStamps, sideTip } from "./sideStamps.ts";

/** Two commits of a store as one. */
export type Merged =
  /** One has all of the other already. */
  | { readonly state: "has_all"; readonly commit: string }
  | {
      readonly state: "merged";
      readonly commit: string;
      /** What a person is to hear of. */
      readonly told: readonly Told[];
      /** What nobody could read, and what gave way as a whole file. */
      readonly setAside: TreeMerge["setAside"];
    };

/** Who makes merges: nobody, so that two machines make the same. */
const AYO = { name: "ayo", email: "ayo@ayo.invalid", timezone: "+0000" };

/**
 * The merge of two commits of a store's branch, written as objects and put on no branch. It is a function of the two
 * alone: whoever merges them, in whatever order, gets the same commit.
 * @throws git_unsupported without a git binary, or for a tree with links; not_found for damaged objects
 */
export async function mergeCommits(store: Store, journal: Journal, one: string, other: string): Promise<Merged> {
  const bases = await mergeBases(store, journal, one, other);
  if (bases.includes(one)) return { state: "has_all", commit: other };
  if (bases.includes(other)) return { state: "has_all", commit: one };
  const { MERGE_RULES } = await import("../../ticket/merge/trees/mergeTrees.ts");
  const [first, second] = [one, other].sort(compareText) as [string, string];
  const parents = await Promise.all([first, second].map((oid) => commitOf(journal, oid)));
  const time = Math.max(...parents.map(({ committer }) => committer.time));
  const skipsCi = parents.some(({ message }) => message.split("\n\n").includes(SKIP_CI));
  const blobs = openBlobs(journal.repository);
  try {
    const { files, told, setAside } = await mergeFiles(store, journal, { first, second, bases }, once(blobs.read));
    const subject = `merge ${first.slice(0, 8)} and ${second.slice(0, 8)}`;
    const trailers = `Actor: ayo\nMerge-rules: ${MERGE_RULES}\n`;
    const message = [subject, ...(skipsCi ? [SKIP_CI] : []), trailers].join("\n\n");
    const person = { ...AYO, time };
    const changes = changesTo(await filesAt(journal, first), files);
    const meta = { author: person, committer: person, message, parents: [first, second] };
    const { oid, objects } = await collected(journal, first, changes, meta);
    keepObjects(journal, objects);
    return { state: "merged", commit: oid, told, setAside };
  } finally {
    blobs.close();
  }
}

/** Reads each blob once: a merge looks at one as the base, and as what a side has changed. */
function once(read: ReadBlob): ReadBlob {
  const known = new Map<string, Buffer | undefined>();
  return (oid) => {
    if (!known.has(oid)) known.set(oid, read(oid));
    return known.get(oid);
  };
}

/** Builds the commit without writing anything yet. */
async function collected(
  { repository }: Journal,
  ...[base, changes, meta]: [string, ReadonlyMap<string, TreeChange | null>, Parameters<typeof buildCommit>[3]]
) {
  const objects: PackObject[] = [];
  const write = (type: ObjectType, bytes: Buffer): string => {
    objects.push({ type, bytes });
    return hashObject(type, bytes);
  };
  const { oid } = await buildCommit(repository, base, changes, meta, { write });
  return { oid, objects };
}

/** Few objects as files of their own, many as one pack. */
function keepObjects({ repository }: Journal, objects: readonly PackObject[]): void {
  if (objects.length <= BULK) for (const { type, bytes } of objects) writeObject(repository, type, bytes);
  else {
    const { name } = writePack(repository, objects);
    if (name !== undefined) notePack(repository, name);
  }
}

/** The best common ancestors, in the order of their ids; none where the two began apart. */
export async function mergeBases(store: Store, { repository }: Journal, one: string, other: string): Promise<string[]> {
  const question = `${one} ${other}`;
  // Asked of the same two again: in a sync for whether they are one store, and for the merge.
  if (lastBases?.question === question && lastBases.repository === repository) return lastBases.bases;
  const options = { at: repository.commonDir, objects: repository, env: gitEnv(store) };
  const { code, stdout, stderr } = await runGit(["merge-base", "--all", one, other], options);
  if (code !== 0 && code !== 1)
    throw new AyoError("git_unsupported", `git cannot compare two histories: ${stderr.trim()}`);
  const bases = stdout.split("\n").filter(Boolean).sort(compareText);
  lastBases = { repository, question, bases };
  return bases;
}

/** An answer that cannot change. */
let lastBases: { repository: Journal["repository"]; question: string; bases: string[] } | undefined;

interface Merging {
  readonly first: string;
  readonly second: string;
  readonly bases: readonly string[];
}

/** Who changed what is asked, and was not looked for: it takes a look at each commit of both sides. */
class NeedsStamps extends Error {}

async function mergeFiles(store: Store, journal: Journal, merging: Merging, blobs: ReadBlob): Promise<TreeMerge> {
  const { first, second, bases } = merging;
  const base = await baseFiles(store, journal, bases, blobs);
  const [from] = bases;
  const { partsOnce } = await import("../../ticket/merge/trees/contents.ts");
  const reading = { read: blobs, parts: partsOnce() };
  const at = formatTime(Math.max(await timeOf(journal, first), await timeOf(journal, second)) * 1000);
  const merge = async (sideOf: typeof sideAt): Promise<TreeMerge> => {
    const one = await sideOf(journal, reading, from, first);
    const other = await sideOf(journal, reading, from, second);
    return mergeSides(base, one, other, { ...reading, at });
  };
  try {
    return await merge(quickSide);
  } catch (error) {
    if (!(error instanceof NeedsStamps)) throw error;
  }
  return merge(sideAt);
}

async function mergeSides(
  base: Files,
  one: TreeSide,
  other: TreeSide,
  { read: blobs, parts, at }: Reading & { readonly at: string },
): Promise<TreeMerge> {
  const { mergeTrees } = await import("../../ticket/merge/trees/mergeTrees.ts");
  const { settleConfig } = await import("../../ticket/merge/trees/mergeOthers.ts");
  const read = (blob: string): Buffer => bytesOf(blobs, blob);
  const settled = async (isConfigWhole: boolean): Promise<TreeContext | undefined> => {
    const text = settleConfig(base, one, other, { read, at, isConfigWhole });
    try {
      const { board } = text === undefined ? DEFAULT_CONFIG : await parseConfig(text);
      return { read, parts, at, board, isConfigWhole };
    } catch {
      // Both sides' keys together make no configuration that holds.
      return undefined;
    }
  };
  const context = (await settled(false)) ??
    (await settled(true)) ?? { read, parts, at, board: DEFAULT_CONFIG.board, isConfigWhole: true };
  return mergeTrees(base, one, other, context);
}

/** A side whose history was not looked at but for its length: enough where no ticket was changed by both. */
async function quickSide(
  journal: Journal,
  _reading: Reading,
  base: string | undefined,
  tip: string,
): Promise<TreeSide> {
  const stampsOf = (): never => {
    throw new NeedsStamps();
  };
  const commits = (await commitsSince(journal, base, tip)) ?? [];
  return { files: await filesAt(journal, tip), tip: await sideTip(journal, commits, tip), stampsOf };
}

/** The files of the last common state: of several, what merging those comes to. */
async function baseFiles(store: Store, journal: Journal, bases: readonly string[], blobs: ReadBlob): Promise<Files> {
  const [first, second] = bases;
  if (first === undefined) return new Map();
  if (second === undefined) return filesAt(journal, first);
  const above = await mergeBases(store, journal, first, second);
  const { files } = await mergeFiles(store, journal, { first, second, bases: above }, blobs);
  return files;
}

async function sideAt(journal: Journal, reading: Reading, base: string | undefined, tip: string): Promise<TreeSide> {
  return { files: await filesAt(journal, tip), ...(await sideStamps(journal, reading, base, tip)) };
}

async function commitOf({ repository }: Journal, commit: string): Promise<CommitParts> {
  return parseCommit((await readObject(repository, commit)).bytes);
}

async function timeOf(journal: Journal, commit: string): Promise<number> {
  return (await commitOf(journal, commit)).committer.time;
}

function changesTo(before: Files, after: Files): Map<string, TreeChange | null> {
  const changes = new Map<string, TreeChange | null>();
  for (const path of before.keys()) if (!after.has(path)) changes.set(path, null);
  for (const [path, content] of after) {
    const old = before.get(path);
    const mode = content.mode as FileMode;
    if ("text" in content) changes.set(path, { bytes: Buffer.from(content.text), mode });
    else if (old === undefined || !("blob" in old) || old.blob !== content.blob || old.mode !== content.mode)
      changes.set(path, { oid: content.blob, mode });
  }
  return changes;
}
