import { AyoError } from "../../error.ts";
import { walkCommits } from "../../git/commits/history.ts";
import { readHead } from "../../git/refs/refs.ts";
import { pastMoment } from "../../ticket/moments.ts";
import type { Journal } from "../open/store.ts";
import { commitsSince, firstParents } from "./branchLine.ts";
import { readFront, type StartingPoint, type Told } from "./front.ts";

/**
 * The starting point that `since` names: a commit or a beginning of one, an event's id (`<commit>:<n>`, whose
 * followers come next), several of them (an event's `position`), a time (`2026-11-21T22:00`) or a duration back from `now` (`8h`).
 * @throws bad_input for anything else; not_found for a commit that the store's branch does not have
 */
export async function startingPoint(journal: Journal, since: string, now: number): Promise<StartingPoint> {
  const time = pastMoment(since, now);
  if (time !== undefined) return { after: await lastBefore(journal, time) };
  const front = readFront(since);
  if (front === undefined) {
    throw new AyoError(
      "bad_input",
      `--since '${since}' is neither a commit, a time (2026-11-21T22:00) nor a duration (8h)`,
    );
  }
  const [{ commit: after, ...first }, ...also] = (await Promise.all(
    front.map(async ({ commit, ...seen }) => ({ commit: await findCommit(journal, commit), ...seen })),
  )) as [Told, ...Told[]];
  return { after, ...first, ...(also.length === 0 ? {} : { also }) };
}

/** Whether a commit is one of the branch, by whatever parents. */
export async function isInHistory(journal: Journal, commit: string): Promise<boolean> {
  const tip = readHead(journal.repository).oid;
  return tip !== undefined && (await commitsSince(journal, commit, tip)) !== undefined;
}

async function lastBefore(journal: Journal, time: number): Promise<string | undefined> {
  for await (const { oid, at } of firstParents(journal)) if (at < time) return oid;
  return undefined;
}

async function findCommit(journal: Journal, start: string): Promise<string> {
  const found: string[] = [];
  const { oid: tip } = readHead(journal.repository);
  if (start.length === 40) {
    if (await isInHistory(journal, start)) found.push(start);
  } else if (tip !== undefined) {
    for await (const { oid } of walkCommits(journal.repository, tip)) if (oid.startsWith(start)) found.push(oid);
  }
  const [first, second] = found;
  if (second !== undefined)
    throw new AyoError("ambiguous_id", `'${start}' begins ${found.length} commits of the store`);
  if (first === undefined) throw new AyoError("not_found", `the store's history has no commit '${start}'`);
  return first;
}
