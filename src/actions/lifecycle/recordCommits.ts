import type { Draft } from "../../store/change/draft.ts";
import { isFinished } from "../../store/disk/view.ts";
import { projectRepository } from "../../store/open/projectRepository.ts";
import type { Store } from "../../store/open/store.ts";
import type { Column } from "../../ticket/rules/board.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/**
 * Writes the ids of a ticket's commits into its file, as a part of the change that finishes it or hands it in for
 * review, with one that the caller names; nothing where there are none, or where the store has no project in git.
 */
export async function recordCommits(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  to: Column,
  named?: string,
): Promise<void> {
  if (draft.files.get(ticket.path) === null) return;
  const isDone = to.category === "done" || to.category === "review";
  const found = isDone && projectRepository(store) !== undefined ? await foundCommits(store, draft, ticket) : undefined;
  const known = found ?? ticket.fields.commits ?? [];
  const branch = isDone ? await onBranch(store, draft, ticket) : [];
  const said = named === undefined ? [] : [named.toLowerCase()];
  const more = [...branch, ...said].filter((one) => !known.some((oid) => oid.startsWith(one)));
  // Whether what is done now has landed is seen afterwards.
  const anew =
    ticket.fields.landed === undefined || isFinished(draft.view.board, ticket.status) ? {} : { landed: null };
  if (found === undefined && more.length === 0 && !("landed" in anew)) return;
  await draft.patch(ticket, { commits: [...known, ...more], ...anew });
}

/** Where work has to land, what lies on the ticket's own branches has to, whatever its messages say. */
async function onBranch(store: Store, { view }: Draft, ticket: Ticket): Promise<readonly string[]> {
  const { landsOn } = view.board;
  if (landsOn === undefined) return [];
  const { branchCommits } = await import("../../store/codeCommits/landed/branchCommits.ts");
  return branchCommits(store, view, landsOn, ticket);
}

async function foundCommits(store: Store, draft: Draft, ticket: Ticket): Promise<readonly string[] | undefined> {
  const { recordedCommits } = await import("../../store/codeCommits/linkedCommits.ts");
  return recordedCommits(store, draft.view, ticket);
}

/** Scans the project's commits if they never were, so that nobody waits for the store's lock during that. */
export async function warmCommits(store: Store): Promise<void> {
  if (store.journal === undefined || projectRepository(store) === undefined) return;
  const { scanCommits } = await import("../../store/codeCommits/commitScan.ts");
  scanCommits(store);
}
