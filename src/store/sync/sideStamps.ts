import path from "node:path";
import { type CommitParts, parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { PathChange } from "../../git/trees/diffTrees.ts";
import { diffTrees } from "../../git/trees/diffTrees.ts";
import { lastRead } from "../../git/trees/lastRead.ts";
import type { PartsOf } from "../../ticket/merge/readParts.ts";
import type { Stamp, Stamps } from "../../ticket/merge/sides.ts";
import { type Stamped, stampsAfter } from "../../ticket/merge/stamps.ts";
import { commitsSince, yieldToOthers } from "../events/branchLine.ts";
import { isTicketPath, readTrailers } from "../events/commitEvents.ts";
import type { Journal } from "../open/store.ts";
import { type ReadBlob, textOf } from "./blobText.ts";

/** What one side's commits say of who changed what. */
export interface SideStamps {
  /** Of the last commit. */
  readonly tip: Stamp;
  /**
   * By the path that a file has on this side; `file` stands for all of a file that is no ticket, and of one that the
   * side deleted, in whatever folder it lay then.
   */
  readonly stampsOf: (path: string) => Stamps;
}

/** How files are read, and taken apart. */
export interface Reading {
  readonly read: ReadBlob;
  readonly parts: PartsOf;
}

/** A file that was changed since the base. */
interface KnownFile extends Stamped {
  /** It was deleted, and `file` is who did that. */
  readonly isGone?: true;
}

/** What is known after a commit: of the files that were changed since the base. */
interface Known {
  readonly files: ReadonlyMap<string, KnownFile>;
  readonly stamp: Stamp;
}

/** A commit of a side, with what is known after each of its parents. */
interface Step {
  readonly oid: string;
  readonly commit: CommitParts;
  readonly parents: readonly Known[];
  /** No other commit stands on its only parent: what is known of that is carried on as it is. Most histories are a line. */
  readonly goesOn: boolean;
}

const NOBODY: Stamp = { by: "", kind: "tracker", time: 0, oid: "" };
const BEFORE: Known = { files: new Map(), stamp: NOBODY };

/** After so many commits others in this process get a turn. */
const BATCH = 32;

/** Walks the commits that `tip` has and `base` has not, from the oldest on. @throws not_found for damaged objects */
export async function sideStamps(
  journal: Journal,
  reading: Reading,
  base: string | undefined,
  tip: string,
): Promise<SideStamps> {
  const trees = lastRead(async (oid) => (await readObject(journal.repository, oid)).bytes);
  const commits = new Map<string, CommitParts>();
  for (const oid of (await commitsSince(journal, base, tip)) ?? [tip])
    commits.set(oid, parseCommit((await readObject(journal.repository, oid)).bytes));
  const treeOf = async (oid: string): Promise<string> =>
    (commits.get(oid) ?? parseCommit((await readObject(journal.repository, oid)).bytes)).tree;
  const source: Source = { ...journal, ...reading, trees, treeOf };
  const children = new Map<string, number>();
  for (const { parents } of commits.values())
    for (const parent of parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  const after = new Map<string, Known>();
  let count = 0;
  for (const [oid, commit] of commits) {
    const parents = commit.parents.map((parent) => after.get(parent) ?? BEFORE);
    const [parent] = commit.parents;
    const goesOn = parents.length === 1 && after.has(parent as string) && children.get(parent as string) === 1;
    after.set(oid, await afterCommit(source, { oid, commit, parents, goesOn }));
    if (++count % BATCH === 0) await yieldToOthers();
  }
  const { files, stamp } = after.get(tip) as Known;
  const gone = new Map([...files].filter(([, { isGone }]) => isGone).map(([file, one]) => [nameOf(file), one]));
  return { tip: stamp, stampsOf: (file) => (files.get(file) ?? gone.get(nameOf(file)))?.stamps ?? {} };
}

/** What a file is found by that was deleted: a ticket by its name, since it may have been archived before. */
function nameOf(file: string): string {
  return isTicketPath(file) ? path.posix.basename(file) : file;
}

/** Who made a side's last commit, and when; without a look at what was changed. */
export async function sideTip({ repository }: Journal, commits: readonly string[], tip: string): Promise<Stamp> {
  let latest = 0;
  for (const [at, oid] of commits.entries()) {
    const { committer } = parseCommit((await readObject(repository, oid)).bytes);
    latest = Math.max(latest, committer.time * 1000);
    if ((at + 1) % BATCH === 0) await yieldToOthers();
  }
  const commit = parseCommit((await readObject(repository, tip)).bytes);
  return { ...stampOf(tip, commit, []), time: Math.max(latest, commit.committer.time * 1000) };
}

/** Who made a commit, and when: never before its parents, whatever a clock said. */
function stampOf(oid: string, { message, author, committer }: CommitParts, parents: readonly Known[]): Stamp {
  const trailers = readTrailers(message);
  const by = trailers.get("Actor") ?? author.name;
  const time = Math.max(committer.time * 1000, ...parents.map(({ stamp }) => stamp.time));
  // An answer by default, and what no person is known for at a tracker, is nobody's word: whoever said something counts more.
  const isNobodys = trailers.get("Default") === "yes" || trailers.get("Sync") === by;
  const kind = isNobodys ? "tracker" : by.startsWith("@") ? "agent" : "person";
  return { by, kind, time, oid };
}

/** Where commits and files are read. */
interface Source extends Journal, Reading {
  /** Trees, of which each is read as what came after and then as what was before. */
  readonly trees: (oid: string) => Promise<Buffer>;
  readonly treeOf: (commit: string) => Promise<string>;
}

async function afterCommit(source: Source, { oid, commit, parents, goesOn }: Step): Promise<Known> {
  const stamp = stampOf(oid, commit, parents);
  const diffs: (readonly PathChange[])[] = [];
  for (const parent of commit.parents) diffs.push(await diffed(source, await source.treeOf(parent), commit.tree));
  if (commit.parents.length === 0) diffs.push(await diffed(source, undefined, commit.tree));
  const lines = diffs.map((changes, at) => lineOf(changes, parents[at] ?? BEFORE));
  const [first = BEFORE] = parents;
  const now = new Map<string, KnownFile | undefined>();
  const isMerge = lines.length > 1;
  const touched = lines.flatMap(({ known, changes }) => [...changes.keys(), ...(isMerge ? known.files.keys() : [])]);
  for (const file of new Set(touched)) {
    const changed = lines.flatMap(({ changes }) => changes.get(file) ?? []);
    // A line that did not change it has what the commit has.
    const blob = changed[0] === undefined ? undefined : changed[0].after;
    const isGone = blob === null || (blob === undefined && lines.some(({ known }) => known.files.get(file)?.isGone));
    now.set(file, isGone ? goneAfter(file, stamp, lines) : stampedAfter(source, { file, now: blob, stamp }, lines));
  }
  const files = goesOn ? (first.files as Map<string, KnownFile>) : new Map(first.files);
  for (const [file, stamped] of now) {
    if (stamped === undefined) files.delete(file);
    else files.set(file, stamped);
  }
  return { files, stamp };
}

async function diffed({ trees }: Source, before: string | undefined, after: string): Promise<PathChange[]> {
  const changes: PathChange[] = [];
  await diffTrees(trees, before, after, "", changes);
  return changes;
}

/** A parent, and what the commit changed against it. */
interface Line {
  readonly known: Known;
  readonly changes: ReadonlyMap<string, PathChange>;
  /** What went from elsewhere, by the name of the file: a ticket that was moved. */
  readonly gone: ReadonlyMap<string, PathChange>;
  /** Names of what came. */
  readonly came: ReadonlySet<string>;
}

function lineOf(changes: readonly PathChange[], known: Known): Line {
  const gone = changes.filter(({ after }) => after === null);
  return {
    known,
    changes: new Map(changes.map((change) => [change.path, change])),
    gone: new Map(gone.map((change) => [path.posix.basename(change.path), change])),
    came: new Set(changes.filter(({ before }) => before === null).map((change) => path.posix.basename(change.path))),
  };
}

/** Who deleted a file: a parent's line that has it no more, else this commit; nobody where it was moved. */
function goneAfter(file: string, stamp: Stamp, lines: readonly Line[]): KnownFile | undefined {
  if (lines.some(({ changes, came }) => changes.has(file) && came.has(path.posix.basename(file)))) return undefined;
  const known = lines.flatMap(({ known: { files } }) =>
    files.get(file)?.isGone ? [files.get(file) as KnownFile] : [],
  );
  const [last] = known.sort((one, other) => timeOf(other) - timeOf(one));
  if (last !== undefined) return last;
  const isOfThis = lines.every(({ changes }) => changes.has(file));
  return isOfThis ? { text: undefined, stamps: { file: stamp }, isGone: true } : undefined;
}

function timeOf({ stamps }: Stamped): number {
  return stamps.file?.time ?? 0;
}

function stampedAfter(
  source: Source,
  { file, now, stamp }: { readonly file: string; readonly now: string | undefined; readonly stamp: Stamp },
  lines: readonly Line[],
): Stamped {
  const before: Stamped[] = [];
  for (const line of lines) before.push(stampedBefore(source, file, now, line));
  const same = lines.findIndex(({ changes }) => !changes.has(file));
  if (!isTicketPath(file)) return { text: undefined, stamps: before[same]?.stamps ?? { file: stamp } };
  const kept = before.find((one) => one.text !== undefined)?.text ?? "";
  const text = now === undefined ? kept : textOf(source.read, now);
  const stamps = stampsAfter(before, text, stamp, { path: file, parts: source.parts });
  return { text, stamps };
}

/** A file as one parent has it, where it lay there. */
function stampedBefore({ read }: Source, file: string, now: string | undefined, line: Line): Stamped {
  const change = line.changes.get(file);
  const moved = change?.before === null ? line.gone.get(path.posix.basename(file)) : undefined;
  const known = line.known.files.get(moved?.path ?? file);
  if (known?.isGone) return { text: undefined, stamps: {} };
  if (known !== undefined) return known;
  const blob = moved?.before ?? (change === undefined ? now : change.before);
  return {
    text: blob === null || blob === undefined || !isTicketPath(file) ? undefined : textOf(read, blob),
    stamps: {},
  };
}
