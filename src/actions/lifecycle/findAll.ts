import type { Draft } from "../../store/change/draft.ts";
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
