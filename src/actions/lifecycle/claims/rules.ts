import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { isReviewLifted } from "../../../ticket/rules/handGates.ts";
import type { FieldChanges } from "../../../ticket/text/patchTicket.ts";
import { type Ticket, ticketWith } from "../../../ticket/ticket.ts";

/**
 * Refuses an agent that would free a ticket, or with a key of config.yml all tickets, of a rule that people made.
 * @throws needs_person
 */
export function assertMayLift({ actor }: Pick<Draft, "actor">, key?: string): void {
  if (!actor.agent) return;
  const fact = key === undefined ? "say that a ticket needs no review" : `loosen ${key}`;
  throw new AyoError("needs_person", `only a person can ${fact}`, { data: { field: key ?? "review" } });
}

/**
 * Another type is no way for an agent to free a ticket of its review.
 * @throws needs_person
 */
export function assertReviewStays({ actor, view }: Draft, ticket: Ticket, type: FieldChanges[string]): void {
  if (!actor.agent || type === undefined) return;
  const fields = { ...ticket.fields, type: String(type ?? "") };
  if (isReviewLifted(ticket, ticketWith(ticket, { fields }), view.board)) assertMayLift({ actor });
}
