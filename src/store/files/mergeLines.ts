import type { Lines, Region } from "../../ticket/merge/regions.ts";

/** Merges what two versions changed of a third, line by line; undefined where both changed the same lines. */
export async function mergeLines(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Buffer | undefined> {
  const [left, old, right] = [ours, base, theirs].map(textOf) as [Text, Text, Text];
  const regions = await regionsOf(left.lines, old.lines, right.lines);
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  return bytesOf(
    regions.flatMap(({ ok }) => ok ?? []),
    [left, old, right],
  );
}

/** Two versions made one, and whether lines of ours had to give way. */
export interface Onto {
  readonly bytes: Buffer;
  readonly gaveWay: boolean;
}

/**
 * Puts a change onto a file that somebody changed meanwhile, line by line. What both added at one place stays, ours
 * first: who appends goes on at the end. So does what one added to lines that the other changed or took away. Where both
 * changed the same lines, theirs stay.
 */
export async function mergeOnto(ours: Buffer, base: Buffer, theirs: Buffer): Promise<Onto> {
  const [left, old, right] = [ours, base, theirs].map(textOf) as [Text, Text, Text];
  let gaveWay = false;
  const lines = (await regionsOf(left.lines, old.lines, right.lines)).flatMap(({ ok, conflict }) => {
    if (conflict === undefined) return ok ?? [];
    const both = bothOf(conflict.a, conflict.o, conflict.b) ?? lineByLine(conflict.a, conflict.o, conflict.b);
    gaveWay ||= both === undefined;
    return both ?? conflict.b;
  });
  return { bytes: bytesOf(lines, [left, old, right]), gaveWay };
}

/** What two sides made of the same lines, where one of them at least took nothing away. */
function bothOf(ours: Lines, base: Lines, theirs: Lines): Lines | undefined {
  if (beginsWith(ours, base) && beginsWith(theirs, base)) {
    if (beginsWith(theirs, ours)) return theirs;
    return beginsWith(ours, theirs) ? ours : [...ours, ...theirs.slice(base.length)];
  }
  // They went on with a last line that did not end in a line break.
  const [old, right] = [base, theirs].map((lines) => lines.join("\n")) as [string, string];
  if (beginsWith(ours, base) && right.startsWith(old)) return [right, ...ours.slice(base.length)];
  const both = withAdded(ours, base, theirs) ?? withAdded(theirs, base, ours);
  if (both !== undefined) return both;
  if (beginsWith(theirs, ours)) return theirs;
  return beginsWith(ours, theirs) ? ours : undefined;
}

/** What one side made of the same lines, and beside it what the other added to them; undefined where that did more. */
function withAdded(made: Lines, base: Lines, other: Lines): Lines | undefined {
  const more = other.length - base.length;
  if (more > 0 && beginsWith(other, base)) return union(made, other.slice(base.length));
  const isBefore = more > 0 && beginsWith(other.slice(more), base);
  return isBefore ? [...other.slice(0, more), ...made] : undefined;
}

/** Both, one after the other; what the first ends with already is not there twice. */
function union(made: Lines, added: Lines): Lines {
  const isThere = beginsWith(made.slice(-added.length), added);
  return isThere ? made : [...made, ...added];
}

/** Neighbouring lines that were changed on one side each. */
function lineByLine(ours: Lines, base: Lines, theirs: Lines): Lines | undefined {
  if (ours.length !== base.length || theirs.length !== base.length) return undefined;
  const isClean = base.every((line, at) => ours[at] === line || theirs[at] === line);
  return isClean ? base.map((line, at) => (ours[at] === line ? theirs[at] : ours[at]) as string) : undefined;
}

function beginsWith(lines: Lines, beginning: Lines): boolean {
  return beginning.length <= lines.length && beginning.every((line, at) => line === lines[at]);
}

/** Loaded when lines are merged at all, which is seldom. */
async function regionsOf(...texts: readonly [Lines, Lines, Lines]): Promise<Region[]> {
  const regions = await import("../../ticket/merge/regions.ts");
  return regions.regionsOf(...texts);
}

/** A file's lines, and whether the last one has its line break. Bytes that are no text stay as they are. */
interface Text {
  readonly lines: Lines;
  readonly isEnded: boolean;
}

function textOf(bytes: Buffer): Text {
  const text = bytes.toString("latin1");
  const isEnded = text === "" || text.endsWith("\n");
  return { lines: text === "" ? [] : (isEnded ? text.slice(0, -1) : text).split("\n"), isEnded };
}

/** Who wrote the last line says whether it ends. */
function bytesOf(lines: Lines, [ours, base, theirs]: readonly [Text, Text, Text]): Buffer {
  const last = lines.at(-1);
  const isTheirs = last === theirs.lines.at(-1) && (last !== ours.lines.at(-1) || theirs.isEnded !== base.isEnded);
  const isEnded = lines.length === 0 || (isTheirs ? theirs.isEnded : ours.isEnded || last !== ours.lines.at(-1));
  return Buffer.from(lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : ""), "latin1");
}
