import { type CommitParts, parseCommit } from "../../../git/commits/commit.ts";
import type { CommitReader } from "../../../git/commits/commitReader.ts";
import type { BaseBranch } from "./baseBranch.ts";

/** A commit of the base branch that takes others back, as its message says. */
export interface Revert {
  /** Its place. */
  readonly at: number;
  /** What it takes back, as the message has it. */
  readonly of: readonly string[];
}

/** Every commit of the base branch, ancestors before descendants; commits go by their place. */
export interface BaseHistory {
  readonly ref: string;
  head: string;
  readonly oids: string[];
  readonly places: Map<string, number>;
  /** By place: with which commit of the branch itself one came, a merge for instance; the place of that. */
  readonly arrivals: number[];
  readonly reverts: Revert[];
  /** By place: which files a commit changes, as a short hash; "" where nobody asked yet. */
  readonly files: string[];
  /** What was on the branch when this machine looked, and is not any more: somebody wrote it anew. */
  readonly lost: Set<string>;
}

/** More are not kept in mind. */
const MAX_LOST = 20_000;

/** A history without commits. */
export function emptyHistory(ref: string): BaseHistory {
  return {
    ref,
    head: "",
    oids: [],
    places: new Map(),
    arrivals: [],
    reverts: [],
    files: [],
    lost: new Set(),
  };
}

/**
 * The history of the branch as it stands. What `known` has is not read again where the branch only grew; where it was
 * written anew all of it is, and what is gone is kept in mind. Missing commits, as in a shallow clone, are its edge.
 */
export function historyOf(known: BaseHistory | undefined, base: BaseBranch, reader: CommitReader): BaseHistory {
  const { ref, head } = base;
  const before = known?.ref === ref ? known : undefined;
  if (before?.head === head) return before;
  if (before !== undefined && hasGrown(before, head, reader)) {
    grow(before, head, reader);
    return before;
  }
  const fresh = emptyHistory(ref);
  grow(fresh, head, reader);
  for (const oid of [...(before?.lost ?? []), ...(before?.oids ?? [])]) if (!fresh.places.has(oid)) fresh.lost.add(oid);
  const extra = fresh.lost.size - MAX_LOST;
  for (const oid of [...fresh.lost].slice(0, Math.max(0, extra))) fresh.lost.delete(oid);
  return fresh;
}

/** Whether all that was on the branch is below its new head. */
function hasGrown({ places, head: old }: BaseHistory, head: string, reader: CommitReader): boolean {
  const seen = new Set([head]);
  const todo = [head];
  for (let oid = todo.pop(); oid !== undefined; oid = todo.pop()) {
    if (oid === old) return true;
    if (places.has(oid)) continue;
    for (const parent of read(reader, oid)?.parents ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      todo.push(parent);
    }
  }
  return false;
}

function grow(history: BaseHistory, head: string, reader: CommitReader): void {
  const { places } = history;
  const chain: string[] = [];
  const parts = new Map<string, CommitParts>();
  for (let oid: string | undefined = head; oid !== undefined && !places.has(oid); ) {
    const commit = read(reader, oid);
    if (commit === undefined) break;
    parts.set(oid, commit);
    chain.push(oid);
    oid = commit.parents[0];
  }
  for (const oid of chain.reverse()) {
    const from = history.oids.length;
    addBelow(history, oid, reader, parts);
    const arrival = history.oids.length - 1;
    for (let place = from; place <= arrival; place++) history.arrivals[place] = arrival;
  }
  history.head = head;
}

/** Adds a commit after all of its ancestors that are new. */
function addBelow(history: BaseHistory, top: string, reader: CommitReader, parts: Map<string, CommitParts>): void {
  const todo: { readonly oid: string; isOpen: boolean }[] = [{ oid: top, isOpen: false }];
  for (let one = todo.at(-1); one !== undefined; one = todo.at(-1)) {
    const { oid, isOpen } = one;
    const commit = history.places.has(oid) ? undefined : (parts.get(oid) ?? read(reader, oid));
    if (commit !== undefined && !isOpen) {
      one.isOpen = true;
      parts.set(oid, commit);
      todo.push(...commit.parents.map((parent) => ({ oid: parent, isOpen: false })));
      continue;
    }
    todo.pop();
    parts.delete(oid);
    if (commit !== undefined) add(history, oid, commit, reader);
  }
}

function add(
  { places, oids, files, reverts }: BaseHistory,
  oid: string,
  commit: CommitParts,
  reader: CommitReader,
): void {
  const at = oids.push(oid) - 1;
  places.set(oid, at);
  files.push("");
  const of = revertsIn(commit.message);
  if (of.length > 0 && isChange(commit, reader)) reverts.push({ at, of });
}

/** Whether a commit changes anything; of one whose parent is missing, as in a shallow clone, nobody can tell. */
function isChange({ tree, parents: [parent] }: CommitParts, reader: CommitReader): boolean {
  const before = parent === undefined ? undefined : read(reader, parent);
  return before === undefined ? parent !== undefined : before.tree !== tree;
}

function read(reader: CommitReader, oid: string): CommitParts | undefined {
  const bytes = reader.read(oid);
  return bytes === undefined ? undefined : parseCommit(bytes);
}

/**
 * The commits that a message takes back: `git revert` writes the sentence at the beginning of a line. What is quoted, or
 * told within one, says of another commit that it is a revert.
 */
export function revertsIn(message: string): string[] {
  if (!message.includes("This reverts commit")) return [];
  const found = message.matchAll(/^This reverts commit\s+([0-9a-f]{7,64})\b/gm);
  return [...new Set([...found].map(([, oid = ""]) => oid))];
}
