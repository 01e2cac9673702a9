import path from "node:path";
import { type CommitParts, type CommitPerson, parseCommit } from "../commits/commit.ts";
import { isAncestor } from "../commits/history.ts";
import { readObject, readObjectSync } from "../objects/objects.ts";
import { packedIds } from "../objects/packIndex.ts";
import { isReadableCommit } from "../repair/check.ts";
import { isOid } from "../repository/oid.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";
import { readHead } from "./refs.ts";

/** One move of a ref, as its log has it. */
export interface LoggedMove {
  /** Zeros where the ref was made. */
  readonly from: string;
  readonly oid: string;
  readonly by: CommitPerson;
  readonly message: string;
}

/** What is known of a lost tip besides the logs. */
export interface TipHints {
  /** The tree that the git index stands for: the tip's, as ayo writes both at once. */
  readonly tree?: string | undefined;
  /** Which commits may be taken without a log naming them; none: only logs count. */
  readonly isOurs?: (commit: CommitParts) => boolean;
}

/** The commit that a damaged or missing ref named, as far as it can be told. */
export interface FoundTip {
  readonly oid: string;
  readonly source: "log" | "objects";
}

/** The moves of a ref, newest first; HEAD's own log counts for the branch that HEAD is on. */
export function loggedMoves(repository: Repository, ref: string): LoggedMove[] {
  const logs = [path.join(repository.commonDir, "logs", ref)];
  if (readHead(repository).ref === ref) logs.push(path.join(repository.gitDir, "logs", "HEAD"));
  const moves = logs.map((log) => readText(log).split("\n").reverse().flatMap(parseMove));
  return moves.find((found) => found.length > 0) ?? [];
}

/**
 * The commit that `ref` should name: the last in its log, carried on to the commit that the git index belongs to, since
 * a power cut can tear the log too; without a log the newest of our commits. In an own store (`isOurs`) it may be one
 * that cannot be read: what the log says of it helps to make it again.
 */
export async function findTip(
  repository: Repository,
  ref: string,
  { tree, isOurs }: TipHints,
): Promise<FoundTip | undefined> {
  const moves = loggedMoves(repository, ref).map(({ oid }) => oid);
  const readable = await firstReadable(repository, moves);
  const scanned = isOurs === undefined ? undefined : await scan(repository, isOurs, tree, readable);
  if (scanned !== undefined) return { oid: scanned, source: "objects" };
  const logged = isOurs === undefined ? readable : (moves[0] ?? readable);
  return logged === undefined ? undefined : { oid: logged, source: "log" };
}

function parseMove(line: string): LoggedMove[] {
  const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) (.*) <(.*)> (\d+) ([+-]\d{4})\t(.*)$/.exec(line);
  if (match === null) return [];
  const [, from = "", oid = "", name = "", email = "", time, timezone = "", message = ""] = match;
  return [{ from, oid, by: { name, email, time: Number(time), timezone }, message }];
}

async function firstReadable(repository: Repository, oids: readonly string[]): Promise<string | undefined> {
  for (const oid of new Set(oids)) if (await isReadableCommit(repository, oid)) return oid;
  return undefined;
}

/** A commit of ours that is newer than what the log knows and has the index's tree; without a log any tip. */
async function scan(
  repository: Repository,
  isOurs: (commit: CommitParts) => boolean,
  tree: string | undefined,
  logged: string | undefined,
): Promise<string | undefined> {
  const commits = new Map<string, CommitParts>();
  // What a torn log misses was made a moment ago and lies loose.
  for await (const [oid, commit] of allCommits(repository, logged === undefined))
    if (isOurs(commit)) commits.set(oid, commit);
  const parents = new Set([...commits.values()].flatMap((commit) => commit.parents));
  const time = (oid: string): number => commits.get(oid)?.committer.time ?? 0;
  const newest = [...commits.keys()].sort((left, right) => time(right) - time(left));
  const matching = newest.filter((oid) => tree !== undefined && commits.get(oid)?.tree === tree);
  if (logged === undefined)
    return firstReadable(repository, [...matching, ...newest.filter((oid) => !parents.has(oid)), ...newest]);
  for (const oid of matching) {
    if (oid !== logged && (await isAncestor(repository, logged, oid)) && (await isReadableCommit(repository, oid)))
      return oid;
  }
  return undefined;
}

async function* allCommits(
  repository: Repository,
  withPacked: boolean,
): AsyncGenerator<[oid: string, commit: CommitParts]> {
  const objects = path.join(repository.commonDir, "objects");
  for (const folder of namesIn(objects).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const name of namesIn(path.join(objects, folder))) {
      const object = isOid(folder + name) ? readObjectSync(repository, folder + name) : undefined;
      if (object?.type === "commit") yield [folder + name, parseCommit(object.bytes)];
    }
  }
  for (const oid of withPacked ? packedIds(repository) : []) {
    const object = await readObject(repository, oid).catch(() => undefined);
    if (object?.type === "commit") yield [oid, parseCommit(object.bytes)];
  }
}
