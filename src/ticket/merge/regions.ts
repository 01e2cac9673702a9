import { diff3Merge } from "node-diff3";

/** Lines of a text, without their ends. */
export type Lines = readonly string[];

/** A stretch that was merged, or what all three have there. */
export interface Region {
  readonly ok?: string[];
  readonly conflict?: { readonly a: string[]; readonly o: string[]; readonly b: string[] };
}

/** Beyond so many pairs of lines a stretch counts as changed by both: comparing takes seconds, with the store locked. */
const MAX_PAIRS = 100_000_000;

/** So few lines are compared as they are. */
const FEW = 500;

/** What both did to the base, from its beginning to its end. Only the lines are compared that may have been changed. */
export function regionsOf(a: Lines, o: Lines, b: Lines): Region[] {
  const [first, second] = [changeOf(o, a), changeOf(o, b)].sort((left, right) => left.start - right.start) as [
    Change,
    Change,
  ];
  if (second.start > first.end) {
    const between = [...first.lines, ...o.slice(first.end, second.start), ...second.lines];
    return [{ ok: [...o.slice(0, first.start), ...between, ...o.slice(second.end)] }];
  }
  const [start, rest] = [first.start, o.length - Math.max(first.end, second.end)];
  const stretches = [a, o, b].map((lines) => lines.slice(start, lines.length - rest)) as [string[], string[], string[]];
  return [{ ok: o.slice(0, start) }, ...compare(...stretches), { ok: o.slice(o.length - rest) }];
}

function compare(ours: string[], base: string[], theirs: string[]): Region[] {
  const [a, o, b] = base.length > FEW ? joinRuns(ours, base, theirs) : [ours, base, theirs];
  if (o.length * Math.max(a.length, b.length) > MAX_PAIRS) return [{ conflict: { a: ours, o: base, b: theirs } }];
  const regions = diff3Merge(a, o, b, { excludeFalseConflicts: true }) as Region[];
  return regions.map(({ ok, conflict }) => {
    if (conflict === undefined) return { ok: linesIn(ok ?? []) };
    return { conflict: { a: linesIn(conflict.a), o: linesIn(conflict.o), b: linesIn(conflict.b) } };
  });
}

/** The stretch of the base outside of which a side is the same, and what that has there. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly lines: Lines;
}

function changeOf(base: Lines, side: Lines): Change {
  const most = Math.min(base.length, side.length);
  let start = 0;
  while (start < most && base[start] === side[start]) start++;
  let rest = 0;
  while (rest < most - start && base[base.length - 1 - rest] === side[side.length - 1 - rest]) rest++;
  return { start, end: base.length - rest, lines: side.slice(start, side.length - rest) };
}

/**
 * The same with each run of lines that all three have as one, which makes a log of 100,000 lines short: it begins with a
 * line that each has once, so that no two runs share a line.
 */
function joinRuns(a: Lines, o: Lines, b: Lines): [string[], string[], string[]] {
  const [inA, inO, inB] = [placesOf(a), placesOf(o), placesOf(b)];
  const runs: [Map<number, number>, Map<number, number>, Map<number, number>] = [new Map(), new Map(), new Map()];
  for (let at = 0; at < o.length; ) {
    const [left, right] = [inA.get(o[at] as string) ?? -1, inB.get(o[at] as string) ?? -1];
    let length = 1;
    if (inO.get(o[at] as string) === at && left >= 0 && right >= 0) {
      const isSame = (): boolean => a[left + length] === o[at + length] && b[right + length] === o[at + length];
      while (at + length < o.length && isSame()) length++;
      for (const [run, start] of [left, at, right].entries()) runs[run]?.set(start, length);
    }
    at += length;
  }
  return [joined(a, runs[0]), joined(o, runs[1]), joined(b, runs[2])];
}

/** Where each line is; -1 for one that is there more than once. */
function placesOf(lines: Lines): Map<string, number> {
  const places = new Map<string, number>();
  for (const [at, line] of lines.entries()) places.set(line, places.has(line) ? -1 : at);
  return places;
}

function joined(lines: Lines, runs: ReadonlyMap<number, number>): string[] {
  const short: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const length = runs.get(at) ?? 1;
    short.push(lines.slice(at, at + length).join("\n"));
    at += length;
  }
  return short;
}

/** The lines again of what was joined. */
function linesIn(joined: Lines): string[] {
  return joined.flatMap((run) => run.split("\n"));
}
