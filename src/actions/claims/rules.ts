import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/draft.ts";

/**
 * Refuses an agent that would free a ticket of its review.
 * @throws needs_person
 */
export function assertMayLift({ actor }: Pick<Draft, "actor">): void {
  if (!actor.agent) return;
  throw new AyoError("needs_person", "only a person can say that a ticket needs no review", {
    data: { field: "review" },
  });
}
