import { posix } from "node:path";
import { parseRow } from "./historyRow.ts";
import type { HistoryTable } from "./historyTable.ts";

/** A commit's line of the table: where it stands, and what came before it. */
interface Line {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** What of a store's history came before what, and what beside it. */
export interface Ancestry {
  /** Whether one commit came before another, and not beside it. */
  isBefore(older: string, newer: string): boolean;
  /** The files, without `.md`, that both sides of a merge changed, of all merges since a time in seconds. */
  changedBeside(since: number): ReadonlySet<string>;
}

/** Reads the ancestry of a store's commits when it is first asked for: most stores have no merge. */
export function ancestryOf({ bytes }: HistoryTable): Ancestry {
  let lines: readonly Line[] | undefined;
  let parents: ReadonlyMap<string, readonly string[]> | undefined;
  const text = (): string => bytes.toString("latin1");
  return {
    isBefore: (older, newer) => {
      lines ??= linesIn(text());
      parents ??= new Map(lines.map((line) => [line.oid, line.parents]));
      return isReached(parents, older, newer);
    },
    changedBeside: (since) => {
      if (!hasMergeSince(bytes, since)) return new Set();
      const all = text();
      lines ??= linesIn(all);
      const names = mergesSince(all, lines, since).map((at) =>
        changedOnBoth(all, sidesOf(lines as readonly Line[], at)),
      );
      return new Set(names.flat());
    },
  };
}

/** Only the two parents of a merge have a comma between them. */
function hasMergeSince(bytes: Buffer, since: number): boolean {
  for (let at = bytes.lastIndexOf(","); at > 0; at = bytes.lastIndexOf(",", at - 1)) {
    const start = bytes.lastIndexOf(10, at) + 1;
    const row = at - start === 81 ? parseRow(bytes.toString("latin1", start, bytes.indexOf(10, at))) : undefined;
    if (row !== undefined) return row.time >= since;
    if (start === 0) return false;
    at = start;
  }
  return false;
}

/** Parents stand before children. */
function linesIn(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const blank = text.indexOf(" ", start + 41);
    if (text[start + 40] === " " && blank > 0 && blank < end) {
      const list = text.slice(start + 41, blank);
      lines.push({ oid: text.slice(start, start + 40), parents: list === "-" ? [] : list.split(","), start, end });
    }
    start = end + 1;
  }
  return lines;
}

function isReached(parents: ReadonlyMap<string, readonly string[]>, older: string, newer: string): boolean {
  const open = [newer];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === older) return true;
    for (const parent of parents.get(next) ?? []) {
      if (!seen.has(parent)) open.push(parent);
      seen.add(parent);
    }
  }
  return false;
}

/** Where merges stand, the newest first. */
function mergesSince(text: string, lines: readonly Line[], since: number): number[] {
  const found: number[] = [];
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] as Line;
    if (line.parents.length < 2) continue;
    if ((parseRow(headOf(text, line))?.time ?? 0) < since) break;
    found.push(at);
  }
  return found;
}

/** What only one side of a merge has, as lines: colours both sides downwards until none has anything of its own any more. */
function sidesOf(lines: readonly Line[], merge: number): readonly [Line[], Line[]] {
  const sides: [Line[], Line[]] = [[], []];
  const colours = new Map<string, number>();
  /** How many commits of one colour are still to come. */
  let own = 0;
  const paint = (oid: string, colour: number): void => {
    const before = colours.get(oid) ?? 0;
    const after = before | colour;
    colours.set(oid, after);
    if (before === 0 && after !== BOTH) own++;
    if (before !== 0 && before !== BOTH && after === BOTH) own--;
  };
  for (const [at, parent] of (lines[merge] as Line).parents.entries()) paint(parent, at === 0 ? 1 : 2);
  for (let at = merge - 1; at >= 0 && own > 0; at--) {
    const line = lines[at] as Line;
    const colour = colours.get(line.oid) ?? 0;
    if (colour === 1 || colour === 2) {
      own--;
      sides[colour - 1]?.push(line);
    }
    if (colour !== 0) for (const parent of line.parents) paint(parent, colour);
  }
  return sides;
}

const BOTH = 3;

function changedOnBoth(text: string, sides: readonly [readonly Line[], readonly Line[]]): string[] {
  const [one, other] = [namesIn(text, sides[0]), namesIn(text, sides[1])];
  return [...one].filter((name) => other.has(name));
}

function namesIn(text: string, lines: readonly Line[]): Set<string> {
  const names = new Set<string>();
  for (const { start, end } of lines) {
    for (const { path } of parseRow(text.slice(start, end))?.changes ?? []) names.add(posix.basename(path, ".md"));
  }
  return names;
}

function headOf(text: string, { start, end }: Line): string {
  const tab = text.indexOf("\t", start);
  return text.slice(start, tab < 0 || tab > end ? end : tab);
}
