import type { Draft } from "../../store/change/draft.ts";
import type { View } from "../../store/disk/view.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import { withoutClaim } from "../../ticket/rules/claim.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Step } from "./step.ts";

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

/** The step into a phase, for whoever takes the ticket there: its work so far is done, and its claim ends. */
export function stepTo(column: Column, ticket: Ticket, draft: Draft): Step {
  const isHeld = ticket.fields.claimedBy !== undefined && column.category === "active";
  if (isHeld) draft.claims.set(ticket.id, null);
  const given = isHeld ? { ...withoutClaim(ticket), lease: null } : {};
  return { to: column, begins: "assignee", fields: { ...given, [PHASE_KEY]: null } };
}

/** The column that a ticket remembers to go to when it is ready; undefined for most. */
export function rememberedColumn({ board }: View, { extra }: Ticket): Column | undefined {
  const phase = extra[PHASE_KEY];
  return phase === undefined ? undefined : columnOfPhase(board, String(phase));
}
