import { readBody } from "../text/parseTicket.ts";
import { fieldsOf, type Snapshot } from "./changes.ts";

/**
 * Whether a merge itself changed a ticket: something is in the result that no parent has, or every parent has something
 * that is not in the result. All else was done by the commits that it joins, and is told of those.
 */
export function isOwnOfMerge(parents: readonly (Snapshot | undefined)[], result: Snapshot | undefined): boolean {
  const before = parents.map(partsOf);
  const after = partsOf(result);
  for (const part of after) if (before.every((parts) => !parts.has(part))) return true;
  const [first = new Set<string>(), ...others] = before;
  for (const part of first) if (!after.has(part) && others.every((parts) => parts.has(part))) return true;
  return false;
}

/** What a ticket says, piece by piece: each field, each element of a list, each line of the text. */
function partsOf(snapshot: Snapshot | undefined): Set<string> {
  const parts = new Set<string>();
  for (const [key, value] of Object.entries(fieldsOf(snapshot))) {
    for (const one of Array.isArray(value) ? value : [value]) parts.add(`${key} ${JSON.stringify(one)}`);
  }
  for (const line of snapshot === undefined ? [] : readBody(snapshot.text).split(/\r?\n/)) {
    if (line.trim() !== "") parts.add(`\n${line}`);
  }
  return parts;
}
