import { AyoError } from "../../../error.ts";
import type { Draft } from "../../../store/change/draft.ts";
import { isReviewLifted } from "../../../ticket/rules/handGates.ts";
import { isVerifyLifted } from "../../../ticket/rules/verify.ts";
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

/**
 * Nor is it, or fewer entries, one to free it of what is run to prove its work.
 * @throws needs_person
 */
export function assertVerifyStays({ actor, view }: Draft, ticket: Ticket, changes: FieldChanges): void {
  const { type, verify } = changes;
  if (!actor.agent || (type === undefined && verify === undefined)) return;
  const named = typeof verify === "string" ? [verify] : ((verify ?? []) as readonly string[]);
  const { type: oldType = "", verify: old = [] } = ticket.fields;
  const fields = {
    type: type === undefined ? oldType : String(type ?? ""),
    verify: verify === undefined ? old : named,
  };
  if (!isVerifyLifted(view.board, ticket, { fields })) return;
  throw new AyoError("needs_person", `only a person can ask less of ${ticket.id} than ayo runs for it now`, {
    data: { field: verify === undefined ? "type" : "verify" },
  });
}
