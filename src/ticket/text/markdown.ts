/** One line of a markdown text; offsets are into the whole text. */
export interface Line {
  /** Without its line end. */
  readonly text: string;
  readonly start: number;
  /** After its line end. */
  readonly end: number;
  /** Whether the line is code between two fences, or one of these fences. */
  readonly fenced: boolean;
}

/** An ATX heading at the edge, outside fences, with the lines up to the next heading of its level or above. */
export interface Section {
  readonly level: number;
  readonly heading: string;
  /** Where the heading's line begins. */
  readonly start: number;
  /** After the line end of the heading. */
  readonly content: number;
  /** Where the next H1 or H2 begins, or the end of the text. */
  readonly end: number;
  /** Those after the heading. */
  readonly lines: readonly Line[];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HEADING = /^(#{1,2})(?:[ \t]+(.*))?$/;

/** The lines of `source` from the offset `from`; a fence that is never closed is an ordinary line. */
export function readLines(source: string, from: number): Line[] {
  const rows: { text: string; start: number; end: number }[] = [];
  for (let start = from; start < source.length; ) {
    const newline = source.indexOf("\n", start);
    const end = newline < 0 ? source.length : newline + 1;
    const stop = newline < 0 ? end : newline;
    rows.push({ text: source.slice(start, source[stop - 1] === "\r" && stop > start ? stop - 1 : stop), start, end });
    start = end;
  }
  const fenced = fencedRows(rows.map((row) => row.text));
  // Spelled out: a spread here is six times slower, and every read of a ticket's text comes through.
  return rows.map(({ text, start, end }, n) => ({ text, start, end, fenced: fenced[n] ?? false }));
}

/** The H1 and H2 sections among `lines`, in order. */
export function sectionsOf(lines: readonly Line[]): Section[] {
  const heads = lines.flatMap((line, n) => {
    const match = line.fenced ? null : HEADING.exec(line.text);
    return match === null ? [] : [{ level: match[1]?.length ?? 1, heading: (match[2] ?? "").trim(), n }];
  });
  return heads.map(({ level, heading, n }, at) => {
    const inside = lines.slice(n + 1, heads[at + 1]?.n ?? lines.length);
    const head = lines[n] as Line;
    return { level, heading, start: head.start, content: head.end, end: inside.at(-1)?.end ?? head.end, lines: inside };
  });
}

/** Whether the heading is an H2 with this name, in any case. */
export function isNamed({ level, heading }: Section, name: string): boolean {
  return level === 2 && heading.toLowerCase() === name.toLowerCase();
}

/** The fence that would close the first fence of `text` that is never closed. */
export function unclosedFence(text: string): string | undefined {
  const open = readLines(text, 0).find((line) => !line.fenced && isOpener(FENCE.exec(line.text)));
  return open === undefined ? undefined : FENCE.exec(open.text)?.[1];
}

/** For each row whether it is in a fenced block (CommonMark 4.5), in linear time. */
function fencedRows(rows: readonly string[]): boolean[] {
  const fences = rows.map((text) => FENCE.exec(text));
  const fenced = rows.map(() => false);
  if (!fences.some((fence) => fence !== null)) return fenced;
  const longest = longestClosers(fences);
  for (let n = 0; n < rows.length; n++) {
    const fence = fences[n];
    if (!isOpener(fence)) continue;
    const marks = fence[1] as string;
    const char = marks[0] as "`" | "~";
    if ((longest[n + 1]?.[char] ?? 0) < marks.length) continue;
    fenced[n] = true;
    do fenced[++n] = true;
    while (!isCloser(fences[n], char, marks.length));
  }
  return fenced;
}

type Fence = RegExpExecArray | null;

function isOpener(fence: Fence | undefined): fence is RegExpExecArray {
  return fence !== null && fence !== undefined && !(fence[1]?.startsWith("`") && fence[2]?.includes("`"));
}

function isCloser(fence: Fence | undefined, char: string, length: number): boolean {
  return fence?.[1]?.[0] === char && fence[1].length >= length && fence[2]?.trim() === "";
}

/** For each row the longest fence of either kind, from it on, that could close a block. */
function longestClosers(fences: readonly Fence[]): { "`": number; "~": number }[] {
  const longest = [{ "`": 0, "~": 0 }];
  for (const fence of fences.toReversed()) {
    const below = longest.at(-1) as { "`": number; "~": number };
    const length = (char: string) => (isCloser(fence, char, 1) ? (fence?.[1]?.length ?? 0) : 0);
    longest.push({ "`": Math.max(below["`"], length("`")), "~": Math.max(below["~"], length("~")) });
  }
  return longest.reverse();
}
