import { resolveTag } from "../../ticket/messages/ticketTags.ts";
import type { View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import type { TaggedCommit } from "./commitCache.ts";
import { type CommitScan, newestFirst, scanCommits } from "./commitScan.ts";
import { idFinder } from "./linkedCommits.ts";

/** The commits on branches whose messages name tickets. */
export interface CommitsByTicket {
  readonly scan: CommitScan | undefined;
  /** By the id of an active or archived ticket, the newest first. */
  readonly byTicket: ReadonlyMap<string, readonly TaggedCommit[]>;
}

/** What was found for a view's tickets: a live process asks many times between two changes. */
const known = new WeakMap<View["tickets"], CommitsByTicket>();

/**
 * Scans the project for commits that name tickets (see scanCommits) and sorts them by ticket. As long as no branch
 * moves it costs what looking at the branches does, and reading the commits that were found.
 */
export async function commitsByTicket(store: Store, view: View): Promise<CommitsByTicket> {
  const scan = scanCommits(store);
  const before = known.get(view.tickets);
  if (before !== undefined && before.scan?.fingerprint === scan?.fingerprint) return before;
  const byTicket = new Map<string, TaggedCommit[]>();
  const commits = scan?.commits.all() ?? [];
  if (commits.length > 0) {
    const find = await idFinder(store, view);
    for (const commit of newestFirst(commits)) {
      for (const id of new Set(commit.tags.flatMap((tag) => resolveTag(tag, find) ?? []))) {
        const others = byTicket.get(id);
        if (others === undefined) byTicket.set(id, [commit]);
        else others.push(commit);
      }
    }
  }
  const found = { scan, byTicket };
  known.set(view.tickets, found);
  return found;
}
