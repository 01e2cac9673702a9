import { type CommitPerson, parseCommit } from "../../../git/commits/commit.ts";
import type { CommitReader } from "../../../git/commits/commitReader.ts";
import { subjectOf } from "../commitScan.ts";
import type { BaseHistory } from "./baseHistory.ts";

/** A commit, mostly one that is not on the base branch. */
export interface OwnCommit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: CommitPerson;
  readonly subject: string;
}

/** What lies between a commit and the base branch. */
export interface Line {
  /** The commit itself and those below it, up to the base branch. */
  readonly commits: readonly string[];
  /** The place of the newest commit of the base branch that lies below; undefined where none does. */
  readonly fork: number | undefined;
}

/** Reads commits that are not on the base branch; each once. */
export interface OwnReader {
  read(oid: string): OwnCommit | undefined;
  /** Whether a commit has other files than the one before it. */
  changes(oid: string): boolean;
  /** Undefined where there are too many to go through. */
  line(oid: string): Line | undefined;
}

/** A longer line is no work on a ticket. */
const MAX_LINE = 2_000;

/** A reader for commits beside a base branch. */
export function ownReader({ places }: BaseHistory, reader: CommitReader): OwnReader {
  const known = new Map<string, OwnCommit | undefined>();
  const read = (oid: string): OwnCommit | undefined => {
    if (known.has(oid)) return known.get(oid);
    const bytes = /^[0-9a-f]{40}$/.test(oid) ? reader.read(oid) : undefined;
    const { tree, parents, author, message } = bytes === undefined ? NONE : parseCommit(bytes);
    const commit = bytes === undefined ? undefined : { oid, tree, parents, author, subject: subjectOf(message) };
    known.set(oid, commit);
    return commit;
  };
  const changes = (oid: string): boolean => {
    const commit = read(oid);
    const [parent] = commit?.parents ?? [];
    return commit !== undefined && (parent === undefined || read(parent)?.tree !== commit.tree);
  };
  const line = (top: string): Line | undefined => {
    const commits = new Set<string>();
    const todo = [top];
    let fork: number | undefined;
    for (let oid = todo.pop(); oid !== undefined; oid = todo.pop()) {
      const place = places.get(oid);
      if (place !== undefined) fork = Math.max(fork ?? 0, place);
      if (place !== undefined || commits.has(oid)) continue;
      if (commits.size === MAX_LINE) return undefined;
      commits.add(oid);
      todo.push(...(read(oid)?.parents ?? []));
    }
    return { commits: [...commits], fork };
  };
  return { read, changes, line };
}

const NONE = { tree: "", parents: [], author: { name: "", email: "", time: 0, timezone: "" }, message: "" };
