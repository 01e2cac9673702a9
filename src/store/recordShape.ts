import type { RedoRecord } from "./redo.ts";

/**
 * Whether what a redo record's file holds is all that recovery goes by: a half of one must be no record, or it stops
 * every command that writes.
 */
export function isRecord(value: unknown): value is RedoRecord {
  if (!isObject(value)) return false;
  const { state, commit, ref, paths, actor, sentence, indexChecksum, at, boot } = value;
  return (
    ["prepared", "deferred", "settling"].includes(String(state)) &&
    [commit, ref, indexChecksum, boot].every((part) => typeof part === "string") &&
    typeof at === "number" &&
    isObject(paths) &&
    Object.values(paths).every(isChange) &&
    isObject(actor) &&
    typeof actor.name === "string" &&
    isObject(sentence) &&
    typeof sentence.subject === "string" &&
    Array.isArray(sentence.tickets) &&
    sentence.tickets.every((id) => typeof id === "string")
  );
}

function isChange(value: unknown): boolean {
  return isObject(value) && [value.before, value.after].every((oid) => oid === null || typeof oid === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
