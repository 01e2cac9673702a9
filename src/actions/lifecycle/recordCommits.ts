import type { Draft } from "../../store/change/draft.ts";
import { projectRepository } from "../../store/open/projectRepository.ts";
import type { Store } from "../../store/open/store.ts";
import type { Column } from "../../ticket/rules/board.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/**
 * Writes the ids of a ticket's commits into its file, as a part of the change that finishes it or hands it in for
 * review; nothing where there are none, or where the store has no project in git.
 */
export async function recordCommits(store: Store, draft: Draft, ticket: Ticket, to: Column): Promise<void> {
  if (to.category !== "done" && to.category !== "review") return;
  if (draft.files.get(ticket.path) === null || projectRepository(store) === undefined) return;
  const { recordedCommits } = await import("../../store/codeCommits/linkedCommits.ts");
  const commits = await recordedCommits(store, draft.view, ticket);
  if (commits !== undefined) await draft.patch(ticket, { commits });
}

/** Scans the project's commits if they never were, so that nobody waits for the store's lock during that. */
export async function warmCommits(store: Store): Promise<void> {
  if (store.journal === undefined || projectRepository(store) === undefined) return;
  const { scanCommits } = await import("../../store/codeCommits/commitScan.ts");
  scanCommits(store);
}
