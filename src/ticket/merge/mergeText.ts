import { type Lines, regionsOf } from "./regions.ts";
import type { Which } from "./sides.ts";

/** Lines of three versions as one, and the lines of the losing side where both changed the same ones. */
export interface MergedLines {
  readonly lines: readonly string[];
  readonly lost: readonly Lines[];
}

/** Merges by line; where both changed the same lines, the winner's stand in their place. */
export function mergeText(base: Lines, a: Lines, b: Lines, winner: Which): MergedLines {
  const lost: Lines[] = [];
  const lines = regionsOf(a, base, b).flatMap(({ ok, conflict }) => {
    if (conflict === undefined) return ok ?? [];
    const { a: left, o: old, b: right } = conflict;
    const both = lineByLine(left, old, right) ?? larger(left, old, right) ?? between(left, old, right);
    if (both !== undefined) return both;
    const [stays, gives] = winner === "a" ? [conflict.a, conflict.b] : [conflict.b, conflict.a];
    lost.push(gives);
    return stays;
  });
  return { lines, lost };
}

/** Neighbouring lines that were changed on one side each. */
function lineByLine(a: Lines, base: Lines, b: Lines): Lines | undefined {
  if (a.length !== base.length || b.length !== base.length) return undefined;
  const isClean = base.every((line, at) => a[at] === line || b[at] === line || a[at] === b[at]);
  return isClean ? base.map((line, at) => (a[at] === line ? b[at] : a[at]) as string) : undefined;
}

/** What one side added is the beginning of what the other did. */
function larger(a: Lines, base: Lines, b: Lines): Lines | undefined {
  if (!beginsWith(a, base) || !beginsWith(b, base)) return undefined;
  if (beginsWith(a, b)) return a;
  return beginsWith(b, a) ? b : undefined;
}

/** Both changed lines at the ends alike, and what lies between goes together. */
function between(a: Lines, base: Lines, b: Lines): Lines | undefined {
  const most = Math.min(a.length, b.length, base.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let rest = 0;
  while (rest < most - start && a[a.length - 1 - rest] === b[b.length - 1 - rest]) rest++;
  if (start + rest === 0) return undefined;
  const inside = (lines: Lines): Lines => lines.slice(start, lines.length - rest);
  const regions = regionsOf(inside(a), inside(base), inside(b));
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  return [...a.slice(0, start), ...regions.flatMap(({ ok }) => ok ?? []), ...a.slice(a.length - rest)];
}

function beginsWith(lines: Lines, beginning: Lines): boolean {
  return beginning.length <= lines.length && beginning.every((line, at) => line === lines[at]);
}
