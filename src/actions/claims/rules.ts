import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/draft.ts";

/**
 * Refuses an agent that would free a ticket, or with a key of config.yml all tickets, of a rule that people made.
 * @throws needs_person
 */
export function assertMayLift({ actor }: Pick<Draft, "actor">, key?: string): void {
  if (!actor.agent) return;
  const fact = key === undefined ? "say that a ticket needs no review" : `loosen ${key}`;
  throw new AyoError("needs_person", `only a person can ${fact}`, { data: { field: key ?? "review" } });
}
