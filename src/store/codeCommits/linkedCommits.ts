import { posix } from "node:path";
import type { CommitPerson } from "../../git/commits/commit.ts";
import { parseCommit } from "../../git/commits/commit.ts";
import { type CommitReader, openCommits } from "../../git/commits/commitReader.ts";
import { type FindId, resolveTag } from "../../ticket/messages/ticketTags.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { archiveOf, type View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import type { TaggedCommit } from "./commitCache.ts";
import { type CommitScan, newestFirst, scanCommits, subjectOf } from "./commitScan.ts";

/** A commit that belongs to a ticket. */
export interface LinkedCommit {
  readonly oid: string;
  /** The author's name; null, like the rest, for a commit that only another clone has. */
  readonly author: string | null;
  readonly email: string | null;
  /** When it was authored, in UTC: `2026-11-21T03:40:00Z`. */
  readonly date: string | null;
  readonly subject: string | null;
  /**
   * `branch`: a branch or worktree has it and its message names the ticket; `recorded`: the ticket's file names it,
   * and no branch has it with that message; `elsewhere`: the file names it, and this repository does not have it.
   */
  readonly found: "branch" | "recorded" | "elsewhere";
}

/**
 * The commits of a ticket, the oldest first: those whose messages name it, and those that its file records and that
 * were not rewritten since (same author, same author's time, still naming the ticket).
 */
export async function linkedCommits(
  store: Store,
  view: View,
  ticket: Ticket,
  scan: CommitScan | undefined = scanCommits(store),
): Promise<LinkedCommit[]> {
  const recorded = ticket.fields.commits ?? [];
  const tagged = scan === undefined ? [] : await commitsNaming(scan, store, view, ticket.id);
  const missing = recorded.filter((oid) => !tagged.some((commit) => isSame(commit.oid, oid)));
  const fresh = tagged.filter(({ oid }) => !recorded.some((one) => isSame(oid, one)));
  const kept = missing.length === 0 ? [] : keptCommits(scan, missing, fresh);
  return [...kept, ...tagged.map((commit) => linked(commit, "branch"))];
}

/**
 * What `commits:` of a ticket's file is to hold, the oldest first; undefined where it is right as it is. For the
 * verbs that finish or submit a ticket, which write it with the change they make anyway.
 */
export async function recordedCommits(
  store: Store,
  view: View,
  ticket: Ticket,
): Promise<readonly string[] | undefined> {
  const recorded = ticket.fields.commits ?? [];
  const oids = (await linkedCommits(store, view, ticket)).map(({ oid }) => oid);
  return oids.length === recorded.length && oids.every((oid) => recorded.includes(oid)) ? undefined : oids;
}

/** Finds ids of active and archived tickets by their lower-case spelling. */
export async function idFinder(store: Store, view: View): Promise<FindId> {
  const byLower = new Map<string, string>();
  // A ticket whose file cannot be read just now is there all the same.
  for (const problem of view.problems) {
    const id = posix.basename(problem.path, ".md");
    byLower.set(id.toLowerCase(), id);
  }
  for (const id of view.byId.keys()) byLower.set(id.toLowerCase(), id);
  let archived: Map<string, string> | undefined;
  const archive = await archiveOf(store, view);
  return (id) => {
    const active = byLower.get(id);
    if (active !== undefined) return active;
    archived ??= new Map([...archive.ids()].map((one) => [one.toLowerCase(), one]));
    return archived.get(id);
  };
}

/** The commits on branches whose tags mean this ticket, the oldest first. */
export async function commitsNaming(scan: CommitScan, store: Store, view: View, id: string): Promise<TaggedCommit[]> {
  const wanted = id.toLowerCase();
  const found: TaggedCommit[] = [];
  let find: FindId | undefined;
  for (const commit of scan.commits.naming(id)) {
    // Nearly every tag is the id itself; the others may be a longer id that there is too.
    if (!commit.tags.some(({ text }) => text.toLowerCase() === wanted)) {
      find ??= await idFinder(store, view);
      const means = find;
      if (!commit.tags.some((tag) => resolveTag(tag, means) === id)) continue;
    }
    found.push(commit);
  }
  return newestFirst(found).reverse();
}

/**
 * Recorded commits that no branch has with the ticket's tag, less those that one of the `fresh`, not recorded ones
 * was rewritten from: it has the same author and author's time, and the same subject where several have.
 */
function keptCommits(
  scan: CommitScan | undefined,
  missing: readonly string[],
  fresh: readonly TaggedCommit[],
): LinkedCommit[] {
  const rewritten = new Set(fresh);
  const reader = scan === undefined ? undefined : openCommits(scan.repository);
  try {
    return missing.flatMap((oid): LinkedCommit[] => {
      const commit = readCommit(reader, oid);
      if (commit === undefined) {
        return [{ oid, author: null, email: null, date: null, subject: null, found: "elsewhere" }];
      }
      const candidates = [...rewritten].filter(({ author }) => isSamePerson(author, commit.author));
      const now = candidates.find(({ subject }) => subject === commit.subject) ?? candidates[0];
      if (now === undefined) return [linked(commit, "recorded")];
      rewritten.delete(now);
      return [];
    });
  } finally {
    reader?.close();
  }
}

function readCommit(
  reader: CommitReader | undefined,
  oid: string,
): Omit<TaggedCommit, "tags" | "committed"> | undefined {
  const bytes = /^[0-9a-f]{40}$/.test(oid) ? reader?.read(oid) : undefined;
  if (bytes === undefined) return undefined;
  const { author, message } = parseCommit(bytes);
  return { oid, author, subject: subjectOf(message) };
}

/** People write short ids by hand. */
function isSame(oid: string, recorded: string): boolean {
  return oid === recorded || (recorded.length >= 7 && oid.startsWith(recorded.toLowerCase()));
}

/** What a rebase and an amend keep. */
function isSamePerson(a: CommitPerson, b: CommitPerson): boolean {
  return a.name === b.name && a.email === b.email && a.time === b.time && a.timezone === b.timezone;
}

/** A commit as it is shown. */
export function linked(
  { oid, author, subject }: Pick<TaggedCommit, "oid" | "author" | "subject">,
  found: LinkedCommit["found"],
): LinkedCommit {
  return { oid, author: author.name, email: author.email, date: dateOf(author), subject, found };
}

/** Git can hold times that no calendar has. */
function dateOf({ time }: CommitPerson): string {
  return formatTime(Math.min(time, 253_402_300_799) * 1000);
}
