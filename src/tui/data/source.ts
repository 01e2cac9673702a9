import { type ColumnGroup, groupByColumn } from "../../actions/board.ts";
import { filterTickets } from "../../actions/list.ts";
import { type SavedView, viewsIn } from "../../actions/views/views.ts";
import { AyoError } from "../../error.ts";
import { lastKnown } from "../../store/disk/knownView.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** The store as the screen shows it: what passes the filter, by columns. */
export interface Data {
  readonly view: View;
  readonly columns: readonly ColumnGroup[];
  /** The views that config.yml names. */
  readonly saved: readonly SavedView[];
  /** How many tickets there are without the filter. */
  readonly total: number;
  readonly shown: number;
}

/**
 * Reads the store.
 * @throws bad_input for a filter that makes no sense; what reading a store throws
 */
export async function readData(store: Store, query: string): Promise<Data> {
  const view = await readStore(store);
  const tickets = query === "" ? view.tickets : await filterTickets(store, view, view.tickets, { query });
  return dataOf(view, tickets);
}

/** The same as it was when the store was last read, at once; undefined where nothing is known. */
export async function knownData(store: Store): Promise<Data | undefined> {
  const view = await lastKnown(store);
  return view && dataOf(view, view.tickets);
}

function dataOf(view: View, tickets: readonly Ticket[]): Data {
  const columns = groupByColumn(view, tickets);
  return {
    view,
    columns,
    saved: savedIn(view),
    total: view.tickets.length,
    shown: columns.reduce((sum, column) => sum + column.tickets.length, 0),
  };
}

function savedIn({ config }: View): readonly SavedView[] {
  try {
    return viewsIn(config);
  } catch (error) {
    if (error instanceof AyoError && error.code === "bad_config") return [];
    throw error;
  }
}

/** What a line of a list tells of a ticket. */
export interface Line {
  readonly ticket: Ticket;
  readonly isBlocked: boolean;
  readonly isReady: boolean;
  readonly holder: string;
  readonly isHeld: boolean;
  readonly parts: string;
}

const FINISHED: readonly (string | undefined)[] = ["done", "cancelled", "failed"];

/** Worked out for the lines that are seen. */
export function lineOf(view: View, ticket: Ticket): Line {
  const category = view.board.columns.find(({ id }) => id === ticket.status)?.category;
  const isFinished = FINISHED.includes(category);
  const { ready, blockedBy } = isFinished ? { ready: false, blockedBy: [] } : view.readiness(ticket);
  const held = ticket.fields.claimedBy;
  const children = view.children(ticket.id);
  const done = children.filter(({ status }) =>
    FINISHED.includes(view.board.columns.find(({ id }) => id === status)?.category),
  ).length;
  return {
    ticket,
    isBlocked: category === "blocked" || blockedBy.length > 0,
    isReady: ready,
    holder: held ?? (ticket.fields.assignee ?? []).join(", "),
    isHeld: held !== undefined,
    parts: children.length === 0 ? "" : `${done}/${children.length}`,
  };
}
