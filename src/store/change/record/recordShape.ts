import type { RedoRecord } from "./redo.ts";

/**
 * Whether what a redo record's file holds is all that recovery goes by: a half of one must be no record, or it stops
 * every command that writes.
 */
export function isRecord(value: unknown): value is RedoRecord {
  if (!isObject(value)) return false;
  const { state, commit, ref, indexChecksum, at, boot, steps = [] } = value;
  return (
    ["prepared", "deferred", "settling"].includes(String(state)) &&
    [commit, ref, indexChecksum, boot].every((part) => typeof part === "string") &&
    typeof at === "number" &&
    isRecorded(value) &&
    Array.isArray(steps) &&
    steps.every((step) => isRecorded(step) && typeof (step as { readonly commit?: unknown }).commit === "string")
  );
}

function isRecorded(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { paths, actor, sentence } = value;
  return (
    isObject(paths) &&
    Object.entries(paths).every(([file, change]) => isSafe(file) && isChange(change)) &&
    isObject(actor) &&
    typeof actor.name === "string" &&
    isObject(sentence) &&
    typeof sentence.subject === "string" &&
    Array.isArray(sentence.tickets) &&
    sentence.tickets.every((id) => typeof id === "string")
  );
}

function isChange(value: unknown): boolean {
  const isOid = (oid: unknown): boolean => oid === null || (typeof oid === "string" && /^[0-9a-f]{40}$/.test(oid));
  return isObject(value) && isOid(value.before) && isOid(value.after);
}

/** Records lie where others may write too: their paths stay in the store. */
function isSafe(file: string): boolean {
  return file.split("/").every((part) => !/^(?:\.{0,2}|\.git)$/i.test(part) && !part.includes("\\"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
