import { momentOf } from "../moments.ts";
import type { Board, Category } from "../rules/board.ts";
import { columnAt } from "../rules/columns.ts";
import type { Ticket } from "../ticket.ts";
import { parseTime } from "../time.ts";

/** A ticket as statistics need it; its moments are milliseconds since 1970, undefined where its file does not say. */
export interface Dated {
  readonly id: string;
  readonly title: string;
  /** The column's id; of a status that is no column the status. */
  readonly status: string;
  readonly category: Category | undefined;
  readonly assignees: readonly string[];
  readonly type: string | undefined;
  /** As its file names it. */
  readonly project: string | undefined;
  readonly deps: readonly string[];
  readonly created: number | undefined;
  readonly started: number | undefined;
  readonly closed: number | undefined;
}

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** A ticket, read for statistics; moments are those that filters compare. */
export function dated({ id, title, status, fields }: Ticket, board: Board): Dated {
  const column = columnAt(board, status);
  return {
    id,
    title,
    status: column?.id ?? status,
    category: column?.category,
    assignees: fields.assignee ?? [],
    type: fields.type,
    project: fields.project,
    deps: fields.deps ?? [],
    created: time(fields.created),
    started: time(fields.started),
    closed: time(fields.closed),
  };
}

function time(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // A day begins where the reader is; looking whether it is one costs more than reading the time.
  return text.trim().length === 10 ? momentOf(text) : parseTime(text);
}

/** Whether no more work is expected. */
export function isOver({ category }: Pick<Dated, "category">): boolean {
  return category === "done" || category === "cancelled" || category === "failed";
}

/** Whether somebody works on it, or it is under review. */
export function isInHand({ category }: Pick<Dated, "category">): boolean {
  return category === "active" || category === "review";
}

/** Whether it was done at `from` or later. */
export function isDoneSince({ category, closed }: Dated, from: number): boolean {
  return category === "done" && closed !== undefined && closed >= from;
}
