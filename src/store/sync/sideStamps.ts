import path from "node:path";
import { type CommitParts, parseCommit } from "../../git/commits/commit.ts";
import { readObject } from "../../git/objects/objects.ts";
import type { PathChange } from "../../git/trees/diffTrees.ts";
import { diffCommits } from "../../git/trees/diffTrees.ts";
import type { Stamp, Stamps } from "../../ticket/merge/sides.ts";
import { type Stamped, stampsAfter } from "../../ticket/merge/stamps.ts";
import { withYaml } from "../disk/readFile.ts";
import { commitsSince, yieldToOthers } from "../events/branchLine.ts";
import { isTicketPath, readTrailers } from "../events/commitEvents.ts";
import type { Journal } from "../open/store.ts";
import { textOf } from "./blobText.ts";

/** What one side's commits say of who changed what. */
export interface SideStamps {
  /** Of the last commit. */
  readonly tip: Stamp;
  /** By the path that a file has on this side; `file` stands for all of a file that is no ticket. */
  readonly stampsOf: (path: string) => Stamps;
}

/** What is known after a commit: of the files that were changed since the base. */
interface Known {
  readonly files: ReadonlyMap<string, Stamped>;
  readonly stamp: Stamp;
}

const NOBODY: Stamp = { by: "", kind: "tracker", time: 0, oid: "" };
const BEFORE: Known = { files: new Map(), stamp: NOBODY };

/** After so many commits others in this process get a turn. */
const BATCH = 32;

/** Walks the commits that `tip` has and `base` has not, from the oldest on. @throws not_found for damaged objects */
export async function sideStamps(journal: Journal, base: string | undefined, tip: string): Promise<SideStamps> {
  const after = new Map<string, Known>();
  for (const [at, oid] of ((await commitsSince(journal, base, tip)) ?? [tip]).entries()) {
    const commit = parseCommit((await readObject(journal.repository, oid)).bytes);
    after.set(
      oid,
      await afterCommit(
        journal,
        { oid, commit },
        commit.parents.map((parent) => after.get(parent) ?? BEFORE),
      ),
    );
    if ((at + 1) % BATCH === 0) await yieldToOthers();
  }
  const { files, stamp } = after.get(tip) as Known;
  return { tip: stamp, stampsOf: (file) => files.get(file)?.stamps ?? {} };
}

/** Who made a commit, and when: never before its parents, whatever a clock said. */
function stampOf(oid: string, { message, author, committer }: CommitParts, parents: readonly Known[]): Stamp {
  const by = readTrailers(message).get("Actor") ?? author.name;
  const time = Math.max(committer.time * 1000, ...parents.map(({ stamp }) => stamp.time));
  return { by, kind: by.startsWith("@") ? "agent" : "person", time, oid };
}

async function afterCommit(
  journal: Journal,
  { oid, commit }: { readonly oid: string; readonly commit: CommitParts },
  parents: readonly Known[],
): Promise<Known> {
  const stamp = stampOf(oid, commit, parents);
  const diffs: (readonly PathChange[])[] = [];
  for (const parent of commit.parents) diffs.push(await diffCommits(journal.repository, parent, oid, ""));
  if (commit.parents.length === 0) diffs.push(await diffCommits(journal.repository, undefined, oid, ""));
  const lines = diffs.map((changes, at) => lineOf(changes, parents[at] ?? BEFORE));
  const files = new Map(parents[0]?.files ?? []);
  for (const file of new Set(lines.flatMap(({ known, changes }) => [...changes.keys(), ...known.files.keys()]))) {
    const changed = lines.flatMap(({ changes }) => changes.get(file) ?? []);
    // A line that did not change it has what the commit has.
    const now = changed[0] === undefined ? undefined : changed[0].after;
    if (changed.length === 0 && lines.length < 2) continue;
    if (now === null) files.delete(file);
    else files.set(file, await stampedAfter(journal, { file, now, stamp }, lines));
  }
  return { files, stamp };
}

/** A parent, and what the commit changed against it. */
interface Line {
  readonly known: Known;
  readonly changes: ReadonlyMap<string, PathChange>;
  /** What went from elsewhere, by the name of the file: a ticket that was moved. */
  readonly gone: ReadonlyMap<string, PathChange>;
}

function lineOf(changes: readonly PathChange[], known: Known): Line {
  const gone = changes.filter(({ after }) => after === null);
  return {
    known,
    changes: new Map(changes.map((change) => [change.path, change])),
    gone: new Map(gone.map((change) => [path.posix.basename(change.path), change])),
  };
}

async function stampedAfter(
  journal: Journal,
  { file, now, stamp }: { readonly file: string; readonly now: string | undefined; readonly stamp: Stamp },
  lines: readonly Line[],
): Promise<Stamped> {
  const before: Stamped[] = [];
  for (const line of lines) before.push(await stampedBefore(journal, file, now, line));
  const same = lines.findIndex(({ changes }) => !changes.has(file));
  if (!isTicketPath(file)) return { text: undefined, stamps: before[same]?.stamps ?? { file: stamp } };
  const kept = before.find((one) => one.text !== undefined)?.text ?? "";
  const text = now === undefined ? kept : await textOf(journal, now);
  const stamps = await withYaml((frontMatter) => stampsAfter(before, text, stamp, { path: file, frontMatter }));
  return { text, stamps };
}

/** A file as one parent has it, where it lay there. */
async function stampedBefore(journal: Journal, file: string, now: string | undefined, line: Line): Promise<Stamped> {
  const change = line.changes.get(file);
  const moved = change?.before === null ? line.gone.get(path.posix.basename(file)) : undefined;
  const known = line.known.files.get(moved?.path ?? file);
  if (known !== undefined) return known;
  const blob = moved?.before ?? (change === undefined ? now : change.before);
  return {
    text: blob === null || blob === undefined || !isTicketPath(file) ? undefined : await textOf(journal, blob),
    stamps: {},
  };
}
