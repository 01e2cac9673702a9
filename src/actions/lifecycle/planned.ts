import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Column } from "../../ticket/rules/board.ts";
import { PLAN_QUESTION } from "../../ticket/rules/questions.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/**
 * Where a plan is all that is wanted, no agent hands work in: a person says whether it goes on.
 * @throws needs_person
 */
export function assertBeyondPlan({ actor }: Draft, { id, fields }: Ticket, to: Column): void {
  if (!actor.agent || fields.mode !== "plan" || (to.category !== "done" && to.category !== "review")) return;
  throw new AyoError("needs_person", `${id} is to be planned only: end with the plan, and a person is asked`, {
    try: ["ayo", "ticket", "ask", id, PLAN_QUESTION],
    data: { id, mode: "plan" },
  });
}
