import type { FieldChanges } from "../text/patchTicket.ts";
import type { Ticket } from "../ticket.ts";
import type { Board, Column } from "./board.ts";
import { workColumn } from "./columns.ts";

interface Boarded {
  readonly board: Board;
}

/** The key under which a ticket that waits remembers the phase that it goes to when it is ready. */
export const PHASE_KEY = "phase";

/** The first column of a phase: `2`, `phase 2` and `Phase-2` are the same. */
export function columnOfPhase({ columns }: Board, phase: string): Column | undefined {
  const wanted = fold(phase);
  return columns.find((column) => column.phase !== undefined && fold(column.phase) === wanted);
}

function fold(phase: string): string {
  return phase
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, "")
    .replace(/^phase(?=.)/, "");
}

/** Where work on a ticket begins: in the phase that it remembers, else in that where it stands. */
export function beginColumn(view: Boarded, ticket: Ticket): Column {
  const to = rememberedColumn(view, ticket);
  return to?.category === "active" ? to : workColumn(view.board, ticket.status);
}

/** The column whose work it is that is begun: the one of the phase that it remembers, else the one that it stands in. */
export function standsIn(view: Boarded, ticket: Ticket): string {
  return rememberedColumn(view, ticket)?.id ?? ticket.status;
}

/** What of a ticket's fields goes when its work begins. */
export function begunPhase({ extra }: Ticket): FieldChanges {
  return extra[PHASE_KEY] === undefined ? {} : { [PHASE_KEY]: null };
}

/** The column that a ticket remembers to go to when it is ready; undefined for most. */
export function rememberedColumn({ board }: Boarded, { extra }: Ticket): Column | undefined {
  const phase = extra[PHASE_KEY];
  return phase === undefined ? undefined : columnOfPhase(board, String(phase));
}
