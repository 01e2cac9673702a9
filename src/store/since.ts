import { AyoError } from "../error.ts";
import { readHead } from "../git/refs.ts";
import { parseDuration, parseTime } from "../ticket/time.ts";
import { commitAt } from "./follow.ts";
import type { Journal } from "./store.ts";

/** Where a replay begins. */
export interface StartingPoint {
  /** The commit before the first one to replay; undefined: from the beginning. */
  readonly after: string | undefined;
  /** Events of the next commit that were seen already: those up to this number. */
  readonly seen?: number;
}

/**
 * The starting point that `since` names: a commit or a beginning of one, an event's id (`<commit>:<n>`, whose
 * followers come next), a time (`2026-11-21T22:00`) or a duration back from `now` (`8h`).
 * @throws bad_input for anything else; not_found for a commit that the store's branch does not have
 */
export async function startingPoint(journal: Journal, since: string, now: number): Promise<StartingPoint> {
  const back = parseDuration(since);
  const time = back === undefined ? parseTime(since) : now - back;
  if (time !== undefined) return { after: await lastBefore(journal, time) };
  const [, commit, n] = /^([0-9a-f]{4,40})(?::(\d{1,9}))?$/i.exec(since) ?? [];
  if (commit === undefined) {
    throw new AyoError(
      "bad_input",
      `--since '${since}' is neither a commit, a time (2026-11-21T22:00) nor a duration (8h)`,
    );
  }
  const found = await findCommit(journal, commit.toLowerCase());
  return n === undefined ? { after: found.oid } : { after: found.parent, seen: Number(n) };
}

/** Whether a commit is one of the branch, by first parents. */
export async function isInHistory(journal: Journal, commit: string): Promise<boolean> {
  for await (const { oid } of firstParents(journal)) if (oid === commit) return true;
  return false;
}

async function lastBefore(journal: Journal, time: number): Promise<string | undefined> {
  for await (const { oid, at } of firstParents(journal)) if (at < time) return oid;
  return undefined;
}

async function findCommit(journal: Journal, start: string): Promise<{ oid: string; parent: string | undefined }> {
  const found: { oid: string; parent: string | undefined }[] = [];
  for await (const commit of firstParents(journal)) if (commit.oid.startsWith(start)) found.push(commit);
  const [first, second] = found;
  if (second !== undefined)
    throw new AyoError("ambiguous_id", `'${start}' begins ${found.length} commits of the store`);
  if (first === undefined) throw new AyoError("not_found", `the store's history has no commit '${start}'`);
  return first;
}

async function* firstParents(journal: Journal) {
  for (let oid = readHead(journal.repository).oid; oid !== undefined; ) {
    const commit = await commitAt(journal, oid);
    if (commit === undefined) return;
    const parent: string | undefined = commit.parents[0];
    yield { oid, parent, at: commit.committer.time * 1000 };
    oid = parent;
  }
}
