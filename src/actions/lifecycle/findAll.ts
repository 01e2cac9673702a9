import type { Draft } from "../../store/change/draft.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Several tickets by what the user typed, each once; nothing is changed when one is not found. */
export async function findAll(draft: Draft, wanted: readonly string[]): Promise<Ticket[]> {
  const found = new Map<string, Ticket>();
  for (const id of wanted) {
    const ticket = await draft.find(id);
    found.set(ticket.id, ticket);
  }
  return [...found.values()];
}

/** How a commit's subject names tickets: `ayo-x7k2: Build login`, or `3 tickets: a, b, c`. */
export function subjectOf(tickets: readonly Ticket[]): string {
  const [first] = tickets;
  if (tickets.length === 1 && first !== undefined) return `${first.id}: ${first.title}`;
  return `${tickets.length} tickets: ${tickets.map((ticket) => ticket.id).join(", ")}`;
}

/** The exact ids of what the user typed, each once. */
export async function resolveAll(store: Store, draft: Draft, wanted: readonly string[] = []): Promise<string[]> {
  const found = new Set<string>();
  for (const id of wanted.flatMap((one) => one.split(",")).filter((one) => one.trim() !== "")) {
    found.add((await findTicket(store, draft.view, id, false)).id);
  }
  return [...found];
}
