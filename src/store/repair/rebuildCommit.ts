import { type CommitPerson, formatCommit, parseCommit } from "../../git/commits/commit.ts";
import { walkCommits } from "../../git/commits/history.ts";
import { type GitObject, hashObject } from "../../git/objects/objects.ts";
import { type LoggedMove, loggedMoves } from "../../git/refs/findTip.ts";
import type { LostObject } from "../../git/repair/check.ts";
import { isOid } from "../../git/repository/oid.ts";
import type { Repository } from "../../git/repository/repository.ts";
import { isValidId } from "../../ticket/ids.ts";
import { commitMessage, type Sentence } from "../change/message.ts";

const MAX_TRIES = 300_000;
/** The events that a trailer `Event:` of ours may name, without `ticket.`. */
const EVENTS =
  "created updated assigned claimed released lease_expired started noted blocked ready submitted approved rejected " +
  "closed cancelled failed reopened deleted archived commit_linked gate_skipped moved due asked answered renewed claim_kept unconfirmed confirmed";

/** Where a lost commit's parts may be found. */
export interface CommitSources {
  readonly branch: string;
  readonly tip: string;
  /** The loose objects that no commit needs: with a commit its tree is lost sight of. */
  readonly unneeded: ReadonlyMap<string, GitObject | "damaged">;
}

/**
 * The bytes of a lost commit of ours, found by trying: the branch's log has its parent, time and sentence, and there
 * are few authors, trailers and trees that it can have had. The hash proves it; undefined where nothing fits.
 */
export async function rebuildCommit(
  repository: Repository,
  { oid }: LostObject,
  { branch, tip, unneeded }: CommitSources,
): Promise<Buffer | undefined> {
  const move = loggedMoves(repository, branch).find((one) => one.oid === oid);
  if (move === undefined) return undefined;
  const known = [...unneeded.values()].flatMap((object) =>
    object !== "damaged" && object.type === "commit" ? [parseCommit(object.bytes)] : [],
  );
  for await (const commit of walkCommits(repository, tip, { limit: 1_000 })) known.push(commit);
  const loose = [...unneeded].flatMap(([id, object]) => (object !== "damaged" && object.type === "tree" ? [id] : []));
  const trees = [...new Set([...loose, ...known.map((commit) => commit.tree)])];
  const authors = distinct([move.by, ...known.map(({ author }) => author)]);
  let tries = 0;
  for (const bytes of candidates(move, authors, trees)) {
    if (hashObject("commit", bytes) === oid) return bytes;
    if (++tries > MAX_TRIES) break;
  }
  return undefined;
}

function* candidates(move: LoggedMove, authors: readonly CommitPerson[], trees: readonly string[]): Generator<Buffer> {
  for (const author of authors) {
    for (const message of messages(move, author)) {
      for (const tree of trees) yield commitOf(move, author, message, tree);
    }
  }
}

function commitOf({ from, by }: LoggedMove, { name, email }: CommitPerson, message: string, tree: string): Buffer {
  const parents = isOid(from) && !/^0+$/.test(from) ? [from] : [];
  return formatCommit({ tree, parents, author: { ...by, name, email }, committer: by, message });
}

function distinct(people: readonly CommitPerson[]): CommitPerson[] {
  return [...new Map(people.map((one) => [`${one.name} <${one.email}>`, one])).values()];
}

/** Every message that the sentence in the log can have had, by who made it. */
function* messages({ message: subject }: LoggedMove, { name, email }: CommitPerson): Generator<string> {
  const words = subject.split(/[\s,:]+/).filter((word) => word.includes("-") && isValidId(word));
  const tickets = [words, words.slice(0, 1), [], subject.split(/[\s,:]+/).slice(1, 2)];
  const actor = { name: email.endsWith("@agents.ayo.invalid") ? `@${name}` : name, email, agent: false };
  for (const some of tickets) {
    for (const event of [undefined, ...EVENTS.split(" ")]) {
      const sentence: Sentence = { subject, tickets: some, ...(event === undefined ? {} : { event }) };
      for (const skipsCi of [false, true]) {
        for (const mark of marksOf(event)) yield commitMessage({ ...sentence, ...mark }, actor, skipsCi);
      }
    }
  }
}

/** What a commit with this event may be marked as besides. */
function marksOf(event: string | undefined): readonly Partial<Sentence>[] {
  if (event === undefined) return [{}, { byHand: true }];
  return event === "answered" ? [{}, { isDefault: true }] : [{}];
}
