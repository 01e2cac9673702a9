import type { View } from "../../store/disk/view.ts";
import { readHistory, rowsBackwards } from "../../store/history/historyTable.ts";
import { personOf } from "../../store/open/identity/identity.ts";
import { worktreeAgents } from "../../store/open/identity/worktreeAgents.ts";
import type { Store } from "../../store/open/store.ts";
import { whoOf } from "../../ticket/rules/collaborators.ts";
import { type FieldName, fieldOf, type Ticket } from "../../ticket/ticket.ts";

/** What agents call the person whom they work for, where they know no name. */
export const THE_PERSON = "user";

const NAMES: readonly FieldName[] = ["assignee", "claimedBy", "authors", "reviewer", "delegatedBy"];

/** Whom a ticket names: who has, had or shall have it, reviews or follows it. */
export function namesIn(ticket: Ticket): string[] {
  const named = NAMES.flatMap((name) => fieldOf(ticket, name) ?? []) as string[];
  return [...named, ...(fieldOf(ticket, "collaborators") ?? []).map(whoOf)];
}

/** The person here, who joined a worktree, and everybody whom tickets name; each once, found as far as the caller wants. */
export function* knownNames(store: Store, view: View): Generator<string> {
  const told = new Set([personOf(store).name, ...worktreeAgents(store).map(({ name }) => name)]);
  yield* told;
  for (const ticket of view.tickets) {
    for (const name of namesIn(ticket)) {
      if (told.has(name)) continue;
      told.add(name);
      yield name;
    }
  }
}

/** Everybody who ever changed the store. */
export async function actorsEver(store: Store): Promise<Set<string>> {
  const actors = new Set<string>();
  if (store.journal === undefined) return actors;
  for (const { actor } of rowsBackwards(await readHistory(store))) actors.add(actor);
  return actors;
}
