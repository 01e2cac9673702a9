import type { FieldChanges } from "./patchTicket.ts";

/** The change that takes keys from what waits for a person, who settled them by a command; empty where none waits. */
export function saidYes(unconfirmed: readonly string[], keys: readonly string[]): FieldChanges {
  const rest = unconfirmed.filter((key) => !keys.includes(key));
  return rest.length === unconfirmed.length ? {} : { unconfirmed: rest.length === 0 ? null : rest };
}
