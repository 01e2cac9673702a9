import type { View } from "../../store/disk/view.ts";
import { counted } from "../../ticket/counted.ts";
import { dependencyStates } from "../../ticket/rules/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { groupByColumn } from "../board.ts";
import type { ReadTicket } from "./readTickets.ts";

/** The board as markdown: a heading a column, its tickets as a list. */
export async function* markdownBoard(view: View, tickets: AsyncIterable<ReadTicket>): AsyncGenerator<string> {
  const all: Ticket[] = [];
  for await (const { ticket } of tickets) all.push(ticket);
  yield "# Tickets\n";
  for (const { name, limit, tickets: group } of groupByColumn(view, all)) {
    yield `\n## ${markdownText(name)} (${group.length}${limit === null ? "" : ` of ${limit}`})\n\n`;
    if (group.length === 0) yield "Nothing.\n";
    for (const ticket of group) yield item(view, ticket);
  }
}

/** `- **P1** `ayo-x7k2` Build login: @coder, after `ayo-9fq1` (open)`. */
function item(view: View, ticket: Ticket): string {
  const { fields, criteria } = ticket;
  const details = [
    ...(fields.assignee ?? []).map(markdownText),
    ...(fields.tags ?? []).map((tag) => `#${markdownText(tag)}`),
    ...(criteria.total > 0 ? [`${criteria.done} of ${counted(criteria.total, "criterion", "criteria")}`] : []),
    ...(fields.parent === undefined ? [] : [`part of ${code(fields.parent)}`]),
    ...after(view, ticket),
  ];
  const rest = details.length === 0 ? "" : `: ${details.join(", ")}`;
  return `- **P${fields.priority ?? 2}** ${code(ticket.id)} ${markdownText(ticket.title)}${rest}\n`;
}

function after(view: View, ticket: Ticket): string[] {
  const states = dependencyStates(ticket, view.board, view.lookup);
  return states.map(({ id, state }, at) => `${at === 0 ? "after " : ""}${code(id)} (${state})`);
}

/** Text that stands in markdown as it is, on one line. */
function markdownText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll(/[\\`*[\]<>~&|]/g, "\\$&")
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}

function code(id: string): string {
  return id.includes("`") ? markdownText(id) : `\`${id}\``;
}
