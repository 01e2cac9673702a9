import { lstatSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { type IndexMarks, isLeftOutBy, NO_MARKS, readMarks } from "../../git/index/indexMarks.ts";
import { operationInProgress } from "../../git/repository/operation.ts";
import { matchId } from "../../ticket/ids.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { type Index, type Stamp, sameStamp, stampOf } from "../open/entry.ts";
import type { Journal, Store } from "../open/store.ts";
import { inRepository } from "../open/store.ts";
import { copiesIn } from "./copies.ts";

/** What was read last of each journal's index, as long as that is the same file. */
const READ = new WeakMap<Journal, { readonly stamp: Stamp; readonly marks: IndexMarks }>();

/**
 * What git's index says of the store's files: left out of this worktree, or unmerged. Either makes a file differ from
 * its commit, so that where none does git's index, which may be large, is not read.
 */
export function marksOf(journal: Journal | undefined, index: Index | undefined): IndexMarks {
  if (journal === undefined || index === undefined || index.uncommitted.size === 0) return NO_MARKS;
  return marksNow(journal);
}

/** The same for files that the store's index does not keep: archived ones. */
export function marksNow(journal: Journal): IndexMarks {
  const stat = lstatSync(path.join(journal.repository.gitDir, "index"), { throwIfNoEntry: false });
  if (stat === undefined) return NO_MARKS;
  const known = READ.get(journal);
  if (known !== undefined && sameStamp(known.stamp, stat)) return known.marks;
  const marks = readMarks(journal.repository, journal.prefix);
  READ.set(journal, { stamp: stampOf(stat), marks });
  return marks;
}

/** Whether a file of the store is not on the disk because git was told to leave it out, and not because it is gone. */
export function isLeftOut({ journal, index }: Pick<Store, "journal" | "index">, file: string): boolean {
  const isGone = typeof index?.uncommitted.get(file) === "string" && !index.entries.has(file);
  return isGone && isLeftOutBy(marksOf(journal, index), file);
}

/** What to say of a ticket that is left out; undefined where `wanted` names none. */
export function leftOutError(
  { journal, index }: Pick<Store, "journal" | "index">,
  wanted: string,
): AyoError | undefined {
  if (journal === undefined || index === undefined) return undefined;
  const absent = [...index.uncommitted.keys()].filter((file) => /^[^/]+\.md$/.test(file));
  const names = absent.filter((file) => isLeftOut({ journal, index }, file)).map((file) => file.slice(0, -3));
  const name = uniqueMatch(wanted, names);
  if (name === undefined) return undefined;
  return new AyoError("not_found", `${name} is left out of this worktree by git (sparse checkout)`, {
    try: ["git", "-C", journal.repository.worktree, "sparse-checkout", "disable"],
    data: { path: inRepository(journal, `${name}.md`), leftOut: true },
  });
}

function uniqueMatch(wanted: string, names: readonly string[]): string | undefined {
  try {
    return matchId(wanted, names, { substring: true });
  } catch {
    return undefined;
  }
}

/**
 * The paths that differ from their commit, with the blob there, as far as ayo may commit what stands on the disk: what
 * git left out is not gone, and what is unmerged or a copy of another ticket is for a person to settle. While git is in the midst of a merge or
 * rebase the disk has what others did, and nobody's hand edits.
 */
export function* openPaths(journal: Journal, index: Index): Generator<[file: string, before: string | null]> {
  if (index.uncommitted.size === 0 || operationInProgress(journal.repository) !== undefined) return;
  const marks = marksOf(journal, index);
  const copies = copiesIn(index);
  for (const [file, before] of index.uncommitted) {
    if (marks.unmerged.has(file) || copies.has(file)) continue;
    if (index.entries.has(file) || !isLeftOutBy(marks, file)) yield [file, before];
  }
}

/** The tickets that are not on the disk: those that git left out, and those that are gone without a commit. */
export function absentTickets(
  journal: Journal | undefined,
  index: Index,
  isTicket: (file: string) => boolean,
): { readonly leftOut: number; readonly gone: number } {
  const absent = [...index.uncommitted].filter(
    ([file, before]) => before !== null && !index.entries.has(file) && isTicket(file),
  );
  if (absent.length === 0 || journal === undefined) return { leftOut: 0, gone: absent.length };
  const marks = marksOf(journal, index);
  const leftOut = absent.filter(([file]) => isLeftOutBy(marks, file)).length;
  // A merge or rebase takes tickets away in somebody's name.
  const isMoving = operationInProgress(journal.repository) !== undefined;
  return { leftOut, gone: isMoving ? 0 : absent.length - leftOut };
}

/** The files that two sides changed, and nobody has settled. */
export function unmergedProblems(journal: Journal | undefined, index: Index): Problem[] {
  const { unmerged } = marksOf(journal, index);
  return [...unmerged].map((file) => ({ path: file, line: 0, code: "unmerged", message: unmergedText(journal, file) }));
}

function unmergedText(journal: Journal | undefined, file: string): string {
  const where = journal === undefined ? file : inRepository(journal, file);
  return `unmerged in git: settle it, then 'git add ${where}' (or 'git rm'); until then ayo leaves it alone`;
}
