import * as v from "valibot";
import { type CommitScan, newestFirst, scanCommits } from "../store/codeCommits/commitScan.ts";
import { idFinder, type LinkedCommit, linked, linkedCommits } from "../store/codeCommits/linkedCommits.ts";
import { type UnknownTag, unknownTags } from "../store/codeCommits/unknownTags.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { resolveTag } from "../ticket/messages/ticketTags.ts";
import { action, flag, limitOf } from "./input/action.ts";

/** A commit with the tickets that its message names and where it is. */
export interface CommitJson extends LinkedCommit {
  readonly tickets: readonly string[];
  /**
   * Short names, `main` or `origin/main`; `HEAD` or `worktrees/x/HEAD` where a worktree is on no branch. Null where
   * there are too many branches to tell quickly.
   */
  readonly branches: readonly string[] | null;
}

/** What `ayo ticket commits` answers. */
export interface Commits {
  /** The ticket that was asked for; null for all. */
  readonly id: string | null;
  /** The newest first. */
  readonly commits: readonly CommitJson[];
  readonly total: number;
  readonly truncated: boolean;
  /** Tags without a ticket; only where no ticket was asked for. */
  readonly unknown: readonly UnknownTag[];
  /** The worktree to run git in, or null where the store has no project in git. */
  readonly repository: string | null;
  /** What the project uses that keeps ayo from reading its commits; null where nothing does. */
  readonly unreadable: string | null;
}

/** How many commits are listed when no ticket is asked for. */
const RECENT = 20;

/** `ayo ticket commits [id]`. */
export const commits = action({
  name: "commits",
  summary: "Commits of the project whose messages name a ticket (TICKET: <id>)",
  writes: false,
  input: v.object({
    id: v.optional(v.pipe(v.string(), v.description("ticket id, or a unique part of one; all without"))),
    unknown: flag("only what names no ticket"),
    limit: limitOf("how many commits, 20 without an id"),
  }),
  run: async (store, input): Promise<Commits> => {
    const view = await readStore(store);
    return input.id === undefined
      ? allCommits(store, view, input.unknown === true, input.limit ?? RECENT)
      : ticketCommits(store, view, input.id, input.limit ?? Number.POSITIVE_INFINITY);
  },
});

async function ticketCommits(store: Store, view: View, wanted: string, limit: number): Promise<Commits> {
  const ticket = await findTicket(store, view, wanted, true);
  const scan = scanCommits(store);
  const all = (await linkedCommits(store, view, ticket, scan)).reverse();
  return answer(scan, { id: ticket.id, all, unknown: [], limit, ticketsOf: () => [ticket.id] });
}

async function allCommits(store: Store, view: View, unknownOnly: boolean, limit: number): Promise<Commits> {
  const scan = scanCommits(store);
  const find = await idFinder(store, view);
  const tagged = newestFirst(scan?.commits.all() ?? []);
  const tickets = new Map<string, readonly string[]>();
  for (const { oid, tags } of tagged) {
    const ids = tags.flatMap((tag) => resolveTag(tag, find) ?? []);
    if (ids.length > 0) tickets.set(oid, [...new Set(ids)]);
  }
  const all = unknownOnly ? [] : tagged.filter(({ oid }) => tickets.has(oid)).map((one) => linked(one, "branch"));
  const unknown = scan === undefined ? [] : await unknownTags(scan, store, view, find);
  return answer(scan, { id: null, all, unknown, limit, ticketsOf: (oid) => tickets.get(oid) ?? [] });
}

interface NestedChanges {
  readonly id: string | null;
  readonly all: readonly LinkedCommit[];
  readonly unknown: readonly UnknownTag[];
  readonly limit: number;
  readonly ticketsOf: (oid: string) => readonly string[];
}

function answer(scan: CommitScan | undefined, { id, all, unknown, limit, ticketsOf }: NestedChanges): Commits {
  const shown = all.slice(0, limit);
  const branches = shown.length === 0 ? undefined : scan?.branches(shown.map(({ oid }) => oid));
  const repository = scan?.repository;
  return {
    id,
    commits: shown.map((commit) => ({
      ...commit,
      tickets: ticketsOf(commit.oid),
      branches: branches === undefined ? null : shortNames(branches.get(commit.oid) ?? []),
    })),
    total: all.length,
    truncated: shown.length < all.length,
    unknown,
    unreadable: scan?.unreadable() ?? null,
    repository: repository === undefined ? null : repository.bare ? repository.commonDir : repository.worktree,
  };
}

function shortNames(refs: readonly string[]): string[] {
  return refs.map((ref) => ref.replace(/^refs\/(?:heads|remotes)\//, ""));
}
