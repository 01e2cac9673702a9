import * as v from "valibot";
import { isFinished, readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import type { Category } from "../ticket/rules/board.ts";
import { columnFor } from "../ticket/rules/columns.ts";
import { compareReady, inReadyOrder } from "../ticket/rules/readyOrder.ts";
import type { Problem, Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
import { action } from "./input/action.ts";
import { fieldFilters, filters, filterTickets } from "./list.ts";

/** One column with what is in it; `category` is null for a status that is no column of this board. */
export interface BoardColumn {
  readonly id: string;
  readonly name: string;
  readonly category: Category | null;
  /** How many tickets the column should hold at most; null for any number. */
  readonly limit: number | null;
  /** The phase that it belongs to, where config.yml says. */
  readonly phase?: string;
  /** Past its limit nothing comes in. */
  readonly refuse?: true;
  /** Whom its tickets are for, where config.yml says. */
  readonly role?: string;
  /** How many it holds, also where `tickets` was cut. */
  readonly count: number;
  readonly tickets: readonly TicketJson[];
}

/** The board, column by column. */
export interface BoardView {
  readonly columns: readonly BoardColumn[];
  readonly problems: readonly Problem[];
}

const { query, assignee, type, tag, priority, parent, limit } = filters;

/** `ayo board`: every column of the config, empty ones too, then statuses that are no column. */
export const board = action({
  name: "board",
  summary: "Show the board, column by column",
  writes: false,
  input: v.object({ query, assignee, type, tag, priority, parent, ...fieldFilters, limit }),
  run: async (store: Store, input): Promise<BoardView> => {
    const view = await readStore(store);
    const tickets = await filterTickets(store, view, view.tickets, input);
    const columns = groupByColumn(view, tickets).map(
      (group): BoardColumn => ({
        ...group,
        count: group.tickets.length,
        tickets: group.tickets.slice(0, input.limit).map((ticket) => ticketJson(view, ticket)),
      }),
    );
    return { columns, problems: view.problems };
  },
});

/** A column and the tickets in it: unfinished ones in the order of `ready`, finished ones the latest first. */
export type ColumnGroup = Pick<BoardColumn, "id" | "name" | "category" | "limit" | "phase" | "refuse" | "role"> & {
  readonly tickets: readonly Ticket[];
};

/** Sorts tickets into the board's columns; statuses that the board does not have make groups of their own. */
export function groupByColumn(view: View, tickets: Iterable<Ticket>): ColumnGroup[] {
  const byStatus = new Map<string, Ticket[]>(view.board.columns.map((column) => [column.id, []]));
  for (const ticket of tickets) {
    const id = byStatus.has(ticket.status)
      ? ticket.status
      : (columnFor(view.board, ticket.status)?.id ?? ticket.status);
    const group = byStatus.get(id);
    if (group === undefined) byStatus.set(id, [ticket]);
    else group.push(ticket);
  }
  return [...byStatus].map(([id, group]) => {
    const column = columnFor(view.board, id);
    return {
      id,
      name: column?.name ?? (id === "" ? "(no status)" : id),
      category: column?.category ?? null,
      limit: column?.limit ?? null,
      ...(column?.phase === undefined ? {} : { phase: column.phase }),
      ...(column?.refuse === undefined ? {} : { refuse: column.refuse }),
      ...(column?.role === undefined ? {} : { role: column.role }),
      tickets: isFinished(view.board, id) ? inFinishedOrder(group) : inReadyOrder(group),
    };
  });
}

/** The latest first; what ended at one moment is in the order of `ready`. Each time is read once. */
function inFinishedOrder(tickets: readonly Ticket[]): Ticket[] {
  const timed = tickets.map((ticket) => ({ ticket, at: finishedAt(ticket) }));
  timed.sort((left, right) =>
    left.at === right.at ? compareReady(left.ticket, right.ticket) : left.at < right.at ? 1 : -1,
  );
  return timed.map(({ ticket }) => ticket);
}

function finishedAt({ fields }: Ticket): string {
  return fields.closed ?? fields.created ?? "";
}
