import type { Board } from "../../ticket/rules/board.ts";
import { answeredByDefault, isDefaultInForce } from "../../ticket/rules/questions.ts";
import { callsOf, type Fields, type Ticket, ticketWith } from "../../ticket/ticket.ts";
import type { TableEntries } from "./table/entries.ts";

/** Where tickets are looked for. */
interface Found {
  readonly byId: ReadonlyMap<string, Ticket>;
  readonly entries?: TableEntries;
}

/** What a view is told of default answers. */
export interface Defaults {
  /** Tickets that are shown answered already, as their files have them. */
  readonly known?: readonly Ticket[];
  /** Whose question stays open: a person is about to answer it. */
  readonly spares?: ((ticket: Ticket) => boolean) | undefined;
}

/** The tickets whose default answer is in force; costs a look at those that have one. */
export function overdueQuestions(
  { entries, byId }: Found,
  board: Board,
  now: number,
  spares?: Defaults["spares"],
): readonly Ticket[] {
  if (board.defaultAnswers !== true) return NONE;
  const all = entries?.timed() ?? [...byId.values()];
  return all.filter((ticket) => isDefaultInForce(ticket, board, now) && spares?.(ticket) !== true);
}

const NONE: readonly Ticket[] = [];

/** A ticket as it is once its default answer is written. */
export function answeredTicket(ticket: Ticket, board: Board): Ticket {
  const { status, ...changes } = answeredByDefault(ticket, board);
  const gone = new Set(Object.keys(changes));
  const fields = Object.fromEntries(Object.entries(ticket.fields).filter(([name]) => !gone.has(name))) as Fields;
  const calls = callsOf(ticket);
  return typeof status === "string"
    ? ticketWith(ticket, { status, fields: { ...fields, status }, calls })
    : ticketWith(ticket, { fields, calls });
}
