import { innocentOf } from "../../store/codeCommits/landed/howGone.ts";
import type { View } from "../../store/disk/view.ts";
import { isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { awaitsLanding } from "../../ticket/rules/landed.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import type { Looked, Need } from "./item.ts";

/** Tickets that are done, and whose work is on the base branch no more: they look finished, and nothing goes on. */
export function takenBackTickets(view: View): Ticket[] {
  const { board, tickets } = view;
  if (board.landsOn === undefined) return [];
  return tickets.filter(
    (ticket) =>
      awaitsLanding(board, ticket) &&
      categoryOf(board, ticket.status) === "done" &&
      fieldOf(ticket, "unlanded") !== undefined,
  );
}

/** Such tickets, as lines: to people, and to agents whose work it is, or who closed it. */
export function takenBackNeeds(looked: Looked, tickets: readonly Ticket[]): Need[] {
  const concerned = tickets.filter((ticket) => concerns(looked, ticket));
  const innocent = innocentOf(
    looked.store,
    concerned.map(({ fields }) => fields.unlanded ?? ""),
  );
  const base = looked.view.board.landsOn;
  return concerned.map((ticket) => {
    const { id, title } = ticket;
    const about = ticket.fields.unlanded ?? "";
    const row = looked.past(ticket).find(({ event }) => event === "unlanded");
    const text = innocent.has(about)
      ? `no longer on ${base}: the branch was written anew without it, and is at ${about.slice(0, 7)}`
      : `taken back from ${base} by ${about.slice(0, 7)}`;
    const at = row === undefined ? undefined : row.time * 1000;
    return { key: `${id}:taken-back`, kind: "taken_back", id, title, by: null, at, text, act: "reopen", about };
  });
}

const CLOSING: ReadonlySet<string | undefined> = new Set(["closed", "approved"]);

function concerns({ name, past }: Looked, ticket: Ticket): boolean {
  if (!isAgent(name)) return true;
  const { authors = [], assignee = [], claimedBy } = ticket.fields;
  const closer = past(ticket).find(({ event }) => CLOSING.has(event))?.actor;
  return [...authors, ...assignee, claimedBy, closer].some((one) => isSameName(one, name));
}
