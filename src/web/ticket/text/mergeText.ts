import { diff3Merge } from "node-diff3";

/** Two changes of one text made one. */
export interface Merged {
  /** With mine where both changed the same lines. */
  readonly text: string;
  /** With both there, mine first. */
  readonly both: string;
  /** Whether nothing had to give way. */
  readonly isClean: boolean;
}

type Lines = readonly string[];

/** Merges what two people made of `base`, line by line. What both added at one place stays, mine first. */
export function mergeText(mine: string, base: string, theirs: string): Merged {
  const [a, o, b] = [mine, base, theirs].map((text) => text.split(/\r?\n/)) as [string[], string[], string[]];
  const text: string[] = [];
  const both: string[] = [];
  let isClean = true;
  for (const { ok, conflict } of regionsOf(a, o, b)) {
    const resolved = conflict === undefined ? (ok ?? []) : resolveConflict(conflict.a, conflict.o, conflict.b);
    isClean &&= resolved !== undefined;
    text.push(...(resolved ?? conflict?.a ?? []));
    both.push(...(resolved ?? [...(conflict?.a ?? []), ...(conflict?.b ?? [])]));
  }
  return { text: text.join("\n"), both: both.join("\n"), isClean };
}

interface Region {
  readonly ok?: string[];
  readonly conflict?: { readonly a: string[]; readonly o: string[]; readonly b: string[] };
}

/** Only what differs is compared: comparing takes the square of the lines. */
function regionsOf(a: Lines, o: Lines, b: Lines): Region[] {
  const most = Math.min(a.length, o.length, b.length);
  let start = 0;
  while (start < most && a[start] === o[start] && b[start] === o[start]) start++;
  let rest = 0;
  const last = (lines: Lines): string | undefined => lines[lines.length - 1 - rest];
  while (rest < most - start && last(a) === last(o) && last(b) === last(o)) rest++;
  const middle = (lines: Lines): string[] => lines.slice(start, lines.length - rest);
  const regions = diff3Merge(middle(a), middle(o), middle(b), { excludeFalseConflicts: true }) as Region[];
  return [{ ok: o.slice(0, start) }, ...regions, { ok: o.slice(o.length - rest) }];
}

/** What both made of the same lines, where that goes together: each added some, or changed other ones of them. */
function resolveConflict(mine: Lines, base: Lines, theirs: Lines): string[] | undefined {
  if (base.length === 0) return [...mine, ...theirs];
  if (beginsWith(mine, base) && beginsWith(theirs, base)) return [...mine, ...theirs.slice(base.length)];
  if (mine.length !== base.length || theirs.length !== base.length) return undefined;
  const isApart = base.every((line, n) => mine[n] === line || theirs[n] === line);
  return isApart ? base.map((line, n) => (mine[n] === line ? theirs[n] : mine[n]) as string) : undefined;
}

function beginsWith(lines: Lines, beginning: Lines): boolean {
  return beginning.length <= lines.length && beginning.every((line, n) => line === lines[n]);
}
