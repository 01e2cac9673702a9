import { openCommits } from "../../../git/commits/commitReader.ts";
import { readRef } from "../../../git/refs/refs.ts";
import { readTips } from "../../../git/refs/tips.ts";
import { categoryOf } from "../../../ticket/rules/columns.ts";
import { fieldOf, type Ticket } from "../../../ticket/ticket.ts";
import type { View } from "../../disk/view.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import { commitsByTicket } from "../commitsByTicket.ts";
import { baseBranch, workTips } from "./baseBranch.ts";
import { type BaseHistory, historyOf } from "./baseHistory.ts";
import { loadLanded } from "./landedCache.ts";
import { type OwnReader, ownReader } from "./ownCommits.ts";

/** More than this since a claim is no work on one ticket. */
const MAX_CLAIMED = 200;

/**
 * What branches have of a ticket's work beyond the base branch, the oldest first, whatever its messages say: all on the
 * one that agents work on it on, and what came to the one that it was claimed on since.
 */
export async function branchCommits(
  store: Store,
  view: View,
  base: string,
  ticket: Ticket,
): Promise<readonly string[]> {
  const repository = projectRepository(store);
  if (repository === undefined) return [];
  const tips = workTips(readTips(repository).all()).get(ticket.id) ?? [];
  const claimed = claimedOn(view, base, ticket);
  const claim = claimed === undefined ? undefined : readRef(repository, `refs/heads/${claimed.branch}`);
  if (tips.length === 0 && claim === undefined) return [];
  const found = baseBranch(repository, base);
  if (typeof found === "string") return tips;
  const reader = openCommits(repository);
  try {
    const { stateDir } = store.journal ?? {};
    const known = stateDir === undefined ? undefined : loadLanded(stateDir, repository.commonDir)?.history;
    const history = historyOf(known, found, reader);
    const own = ownReader(history, reader);
    const work = tips.flatMap((tip) => own.line(tip)?.commits.toReversed() ?? [tip]);
    const since = claim === undefined ? [] : sinceClaim(claim, claimed?.head as string, history, own);
    return [...new Set([...work, ...(since.length === 0 ? [] : await withoutOthers(store, view, ticket, since))])];
  } finally {
    reader.close();
  }
}

/**
 * The branch that a ticket was claimed on, and where it stood then. Not the base branch, nor the one of another ticket,
 * nor one that several tickets in work were claimed on: nobody knows whose work it has.
 */
function claimedOn(view: View, base: string, { id, fields }: Ticket) {
  const { claimBranch: branch, claimHead: head } = fields;
  if (branch === undefined || head === undefined || branch === base || branch.startsWith("ayo/work/")) return undefined;
  const isShared = view.tickets.some((other) => {
    const category = categoryOf(view.board, other.status);
    const isBegun = category === "active" || category === "review" || category === "blocked";
    return isBegun && other.id !== id && fieldOf(other, "claimBranch") === branch;
  });
  return isShared ? undefined : { branch, head };
}

/** What was committed on a branch itself since it stood at a commit; what was merged into it is others'. */
function sinceClaim(tip: string, head: string, { places }: BaseHistory, own: OwnReader): string[] {
  const before = new Set(own.line(head)?.commits ?? [head]);
  const found: string[] = [];
  for (let oid: string | undefined = tip; oid !== undefined && !places.has(oid) && !before.has(oid); ) {
    const parents: readonly string[] = own.read(oid)?.parents ?? [];
    if (parents.length < 2) found.push(oid);
    if (found.length > MAX_CLAIMED) return [];
    oid = parents[0];
  }
  return found.reverse();
}

/** Less those that name other tickets. */
async function withoutOthers(store: Store, view: View, { id }: Ticket, oids: readonly string[]): Promise<string[]> {
  const { byTicket } = await commitsByTicket(store, view);
  const naming = [...byTicket].flatMap(([other, commits]) => (other === id ? [] : commits));
  const others = new Set(naming.map(({ oid }) => oid));
  const own = new Set((byTicket.get(id) ?? []).map(({ oid }) => oid));
  return oids.filter((oid) => own.has(oid) || !others.has(oid));
}
