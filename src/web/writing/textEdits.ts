/** A change of a text in a field: what stands from `from` to `to` becomes `insert`, and then this is selected. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly select: readonly [from: number, to: number];
}

const ITEM = /^([ \t]*)([-*+]|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;

/** What Enter does in an item of a list: it begins the next one, or ends the list where the item has no words. */
export function continueList(text: string, from: number, to: number): TextEdit | undefined {
  if (from !== to || isInCode(text, from)) return undefined;
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const line = text.slice(start, endOfLine(text, from));
  const item = ITEM.exec(line);
  if (item === null) return undefined;
  const [marks, indent = "", bullet = "", number, stop = "", gap = " ", box] = item;
  // Before its marks the line is an ordinary one.
  if (from < start + marks.length) return undefined;
  if (line.slice(marks.length).trim() === "")
    return put(start, start + line.length, indent === "" ? "" : outdented(line));
  const next = number === undefined ? bullet : `${Number(number) + 1}${stop}`;
  return put(from, from, `\n${indent}${next}${gap}${box === undefined ? "" : "[ ] "}`);
}

/** What Tab does, and Shift Tab, in the items of a list: one level in, or out; nothing in other lines, where it leaves the field. */
export function indentList(text: string, from: number, to: number, isOut: boolean): TextEdit | undefined {
  if (isInCode(text, from)) return undefined;
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const end = endOfLine(text, Math.max(from, to));
  const lines = text.slice(start, end).split("\n");
  if (!ITEM.test(lines[0] as string)) return undefined;
  const moved = lines.map((line) => (isOut ? outdented(line) : indented(line)));
  if (moved.every((line, n) => line === lines[n])) return undefined;
  const first = (moved[0] as string).length - (lines[0] as string).length;
  const all = moved.join("\n");
  const head = Math.max(start, from + first);
  return { from: start, to: end, insert: all, select: [head, Math.max(head, to + all.length - (end - start))] };
}

function indented(line: string): string {
  if (line.trim() === "") return line;
  const [, , bullet = "-"] = ITEM.exec(line) ?? [];
  // As far in as the words of the item above, which is of the same kind.
  return `${" ".repeat(bullet.length + 1)}${line}`;
}

function outdented(line: string): string {
  const [, , bullet = "-"] = ITEM.exec(line) ?? [];
  const spaces = /^(?:\t| *)/.exec(line)?.[0] ?? "";
  return line.slice(Math.min(spaces.length, bullet.length + 1));
}

/** Puts marks such as `**` around what is selected, or takes them away where they are. */
export function toggleMarks(text: string, from: number, to: number, mark: string): TextEdit {
  const chosen = text.slice(from, to);
  const size = mark.length;
  const isInside = chosen.length >= 2 * size && chosen.startsWith(mark) && chosen.endsWith(mark);
  if (isInside) {
    const bare = chosen.slice(size, -size);
    return { from, to, insert: bare, select: [from, from + bare.length] };
  }
  // What was begun with the same key ends with it.
  if (chosen === "" && text.slice(to, to + size) === mark && isOpenBefore(text.slice(0, from), mark)) {
    return { from, to, insert: "", select: [to + size, to + size] };
  }
  if (isAround(text, from, to, mark)) {
    return { from: from - size, to: to + size, insert: chosen, select: [from - size, to - size] };
  }
  return { from, to, insert: `${mark}${chosen}${mark}`, select: [from + size, to + size] };
}

/** Whether the line before the caret has an opening mark, with something behind it. */
function isOpenBefore(before: string, mark: string): boolean {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return line.split(mark).length % 2 === 0 && !line.endsWith(mark);
}

/** Whether exactly these marks are around: of `**bold**` the inner `*` are no marks of their own. */
function isAround(text: string, from: number, to: number, mark: string): boolean {
  const size = mark.length;
  const char = mark.charAt(0);
  const isThere = text.slice(from - size, from) === mark && text.slice(to, to + size) === mark && from >= size;
  return isThere && text[from - size - 1] !== char && text[to + size] !== char;
}

/** Makes a link of what is selected: its words, or where it is an address, its target. */
export function makeLink(text: string, from: number, to: number): TextEdit {
  const chosen = text.slice(from, to);
  if (/^https?:\/\/\S+$/.test(chosen)) {
    return { from, to, insert: `[](${chosen})`, select: [from + 1, from + 1] };
  }
  const target = from + chosen.length + 3;
  const isEmpty = chosen === "";
  return {
    from,
    to,
    insert: `[${chosen}](url)`,
    select: isEmpty ? [from + 1, from + 1] : [target, target + 3],
  };
}

function put(from: number, to: number, insert: string): TextEdit {
  const at = from + insert.length;
  return { from, to, insert, select: [at, at] };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Whether a fence was opened above and not closed. */
function isInCode(text: string, at: number): boolean {
  const above = text.slice(0, text.lastIndexOf("\n", at - 1) + 1).split("\n");
  return above.filter((line) => FENCE.test(line)).length % 2 === 1;
}
