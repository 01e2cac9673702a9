import type { View } from "../../store/disk/view.ts";
import { columnAt } from "../../ticket/rules/columns.ts";
import { isOverdue } from "../../ticket/rules/due.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import type { Paint } from "../table/command.ts";
import { type LineTicket, ticketLine } from "./line.ts";
import { plain } from "./print.ts";

/** So many lines are one text before the next are made: what they were made of need not be kept. */
const BLOCK = 256;

/** The lines of a list. `isPast`: of tickets that are finished, of which nobody asks when they were due and what they waited for. */
export function manyLines(view: View, tickets: readonly Ticket[], isPast: boolean, paint: Paint): string {
  const isColoured = paint.dim("x") !== "x" || paint.cyan("x") !== "x";
  const labels = new Map<string, Label>();
  const blocks: string[] = [];
  for (let at = 0; at < tickets.length; at += BLOCK) {
    const some = tickets.slice(at, at + BLOCK);
    const quick = isColoured ? undefined : quickLines(view, some, isPast, labels);
    blocks.push(quick ?? some.map((ticket) => ticketLine(lineTicket(view, ticket, isPast), paint)).join("\n"));
  }
  return blocks.join("\n");
}

/** What a line says of a ticket. */
function lineTicket(view: View, ticket: Ticket, isPast: boolean): LineTicket {
  const { id, title, status } = ticket;
  const category = columnAt(view.board, status)?.category ?? null;
  const isOpen = !isPast && isUnfinished(category);
  const due = isOpen ? fieldOf(ticket, "due") : undefined;
  // One literal: of thousands each spread shows.
  return {
    id,
    title,
    status,
    category,
    priority: isPast ? undefined : priorityOf(ticket),
    assignee: isPast ? undefined : fieldOf(ticket, "assignee")?.join(", "),
    due,
    isOverdue: due !== undefined && isOverdue(ticket, view.board, view.now),
    blockers: isOpen ? view.blockers(ticket) : undefined,
  };
}

/** What lines say of all tickets of one status. */
interface Label {
  readonly text: string;
  readonly isOpen: boolean;
}

/** The same lines as {@link ticketLine}'s without colours; undefined where one has to be told what would steer a terminal. */
function quickLines(
  view: View,
  tickets: readonly Ticket[],
  isPast: boolean,
  labels: Map<string, Label>,
): string | undefined {
  const lines: string[] = [];
  for (const ticket of tickets) {
    const label = labelOf(view, ticket.status, isPast, labels);
    const rank = isPast ? "" : `[P${priorityOf(ticket)}]`;
    const facts = isPast ? "" : factsOf(view, ticket, label.isOpen);
    const blockers = label.isOpen ? view.blockers(ticket) : NONE;
    const arrow = blockers.length === 0 ? "" : ` <- [${blockers.join(", ")}]`;
    lines.push(`${ticket.id.padEnd(8)} ${rank}${label.text} - ${ticket.title}${facts}${arrow}`);
  }
  const text = lines.join("\n");
  return STEERS.test(text) || hasBreaks(text, lines.length) ? undefined : text;
}

function labelOf({ board }: View, status: string, isPast: boolean, labels: Map<string, Label>): Label {
  let label = labels.get(status);
  if (label === undefined) {
    label = { text: `[${plain(status)}]`, isOpen: !isPast && isUnfinished(columnAt(board, status)?.category ?? null) };
    labels.set(status, label);
  }
  return label;
}

function factsOf({ board, now }: View, ticket: Ticket, isOpen: boolean): string {
  const assignee = fieldOf(ticket, "assignee")?.join(", ");
  const due = isOpen ? fieldOf(ticket, "due") : undefined;
  if (due === undefined) return assignee === undefined ? "" : ` (${assignee})`;
  const until = isOverdue(ticket, board, now) ? `overdue ${due}` : `due ${due}`;
  return assignee === undefined ? ` (${until})` : ` (${assignee}, ${until})`;
}

function priorityOf(ticket: Ticket): number {
  return ticket.known?.priority ?? ticket.fields.priority ?? 2;
}

function isUnfinished(category: string | null): boolean {
  return category !== "done" && category !== "cancelled" && category !== "failed";
}

const NONE: readonly string[] = [];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Whether a text has more lines than were put together. */
function hasBreaks(text: string, lines: number): boolean {
  let breaks = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks++;
  return breaks !== lines - 1;
}
