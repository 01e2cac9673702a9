import type { FieldChanges } from "../text/patchTicket.ts";

/** A ticket, or as much of one as tells what waits of it. */
interface Marked {
  readonly fields?: { readonly unconfirmed?: readonly string[] };
  readonly known?: { readonly isUnmarked: boolean };
}

/** What was finished by hand, past a gate, counts when a person says so; whom it was given to is nothing to that. */
export function isInDoubt(marked: Marked): boolean {
  if (marked.known?.isUnmarked) return false;
  return marked.fields?.unconfirmed?.some((key) => key !== "assignee" && key !== "role") === true;
}

/** Why nobody works on a ticket whose question went by hand; undefined for others. */
export function unaskedReason(marked: Marked): string | undefined {
  if (marked.known?.isUnmarked) return undefined;
  if (marked.fields?.unconfirmed?.includes("question") !== true) return undefined;
  return "had a question that was taken away by hand, and waits for a person's 'ticket confirm'";
}

/** Why no agent begins with a ticket that came to where it is, or to whom it is given, by hand; a person may. */
export function unofferedReason(marked: Marked): string | undefined {
  if (marked.known?.isUnmarked) return undefined;
  const keys = marked.fields?.unconfirmed?.filter((key) => key === "status" || key === "assignee") ?? [];
  return keys.length === 0
    ? undefined
    : `was changed by hand (${keys.join(", ")}) and waits for a person's 'ticket confirm'`;
}

/** The change that takes keys from what waits for a person, who settled them by a command; empty where none waits. */
export function saidYes(unconfirmed: readonly string[], keys: readonly string[]): FieldChanges {
  const rest = unconfirmed.filter((key) => !keys.includes(key));
  return rest.length === unconfirmed.length ? {} : { unconfirmed: rest.length === 0 ? null : rest };
}
