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

/** Everybody whom tickets name, who joined a worktree, and the person here; each once, the most named first. */
export function knownNames(store: Store, view: View): string[] {
  const counts = new Map<string, number>();
  for (const ticket of view.tickets)
    for (const name of new Set(namesIn(ticket))) counts.set(name, (counts.get(name) ?? 0) + 1);
  const named = [...counts].sort(([, one], [, other]) => other - one).map(([name]) => name);
  return [...new Set([...named, ...worktreeAgents(store).map(({ name }) => name), personOf(store).name])];
}

/** Everybody who ever changed the store. */
export async function actorsEver(store: Store): Promise<Set<string>> {
  const actors = new Set<string>();
  if (store.journal === undefined) return actors;
  for (const { actor } of rowsBackwards(await readHistory(store))) actors.add(actor);
  return actors;
}
