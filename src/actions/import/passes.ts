import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { keptClaim } from "../../store/change/leases.ts";
import { isFinished } from "../../store/disk/view.ts";
import { categoryOf, columnFor } from "../../ticket/rules/columns.ts";
import { needsReview } from "../../ticket/rules/gate.ts";
import { gatesPassed } from "../../ticket/rules/handGates.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { assertRoomForNew } from "../lifecycle/moving/room.ts";

/** Whom it is for any agent may say, and an output comes along where it fits. */
const ARE_FREE: ReadonlySet<string> = new Set(["assignee", "output", "role"]);

/**
 * Bringing tickets in is no way round a gate that stands before agents.
 * @throws review_required, needs_person, wip_limit
 */
export function assertPasses(draft: Draft, brought: { ticket: Ticket; text: string }, old: Ticket | undefined): void {
  const { actor, view } = draft;
  if (!actor.agent) return;
  const { ticket } = brought;
  const to = columnFor(view.board, ticket.status);
  const isThere = old !== undefined && columnFor(view.board, old.status)?.id === to?.id;
  if (to?.refuse !== undefined && !isThere) assertRoomForNew(draft, ticket, to, false);
  const isReview = old === undefined && categoryOf(view.board, ticket.status) === "review";
  const passed = gatesPassed(old, brought, view.board).filter((key) => !ARE_FREE.has(key));
  if (passed.includes("status") || (isReview && needsReview(view.board, ticket))) {
    throw new AyoError("review_required", `is ${ticket.status}, which must be reviewed here: a person can import it`);
  }
  const lost = old === undefined ? [] : lostMarks(old, ticket, view);
  if (passed.length + lost.length === 0) return;
  throw new AyoError("needs_person", `would change ${[...passed, ...lost].join(", ")}: a person can import it`);
}

/** Fields that only commands of their own change, and that keep an agent from what is not its own. */
function lostMarks(old: Ticket, now: Ticket, view: Draft["view"]): string[] {
  const isLost = (before: readonly string[] = [], after: readonly string[] = []): boolean =>
    before.some((one) => !after.includes(one));
  return [
    ...(isLost(old.fields.authors, now.fields.authors) ? ["authors"] : []),
    ...(isLost(old.fields.unconfirmed, now.fields.unconfirmed) ? ["unconfirmed"] : []),
    ...(isFinished(view.board, old.status) && (old.fields.outputId ?? now.fields.outputId) !== now.fields.outputId
      ? ["output"]
      : []),
    ...(keptClaim(old, now, view) === undefined ? [] : ["claimed-by"]),
  ];
}
