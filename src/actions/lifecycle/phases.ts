import type { Draft } from "../../store/change/draft.ts";
import type { Column } from "../../ticket/rules/board.ts";
import { withoutClaim } from "../../ticket/rules/claim.ts";
import { PHASE_KEY } from "../../ticket/rules/phases.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { Step } from "./step.ts";

/** The step into a phase, for whoever takes the ticket there: its work so far is done, and its claim ends. */
export function stepTo(column: Column, ticket: Ticket, draft: Draft): Step {
  const isHeld = ticket.fields.claimedBy !== undefined && column.category === "active";
  if (isHeld) draft.claims.set(ticket.id, null);
  const given = isHeld ? { ...withoutClaim(ticket), lease: null } : {};
  return { to: column, begins: "assignee", fields: { ...given, [PHASE_KEY]: null } };
}
