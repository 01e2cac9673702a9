/** What an HTML block that is no prose begins and ends with (CommonMark 4.6). */
const HTML: readonly (readonly [begins: RegExp, ends: RegExp])[] = [
  [/^<!--/, /-->/],
  [/^<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
];
const FENCE = /^(`{3,}|~{3,})([\s\S]*)$/;
const ITEM = /^(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)/;
const HEADING = /^#{1,6}(?:[ \t]|$)/;
const DEFINITION = /^\[[^[\]]{1,999}\]:[ \t]*\S+[ \t]*(?:["'(][\s\S]*)?$/;
/** Lists in lists are followed so deep. */
const MAX_DEPTH = 50;

interface Fence {
  readonly marks: string;
  /** In how many lists it stands: it ends with them. */
  readonly depth: number;
}

/** What is open at the end of a line. */
interface State {
  /** Where the text of each open list item begins, in columns. */
  items: number[];
  fence: Fence | undefined;
  html: RegExp | undefined;
  /** The lines of an open paragraph. */
  open: string[];
  readonly paragraphs: string[];
}

/**
 * The paragraphs, headings and rows of a Markdown text: what somebody says in it, without code blocks, block quotes,
 * comments and link definitions. As in CommonMark a fence that is never closed goes on to the end; a line below a quote
 * that has no `>` of its own is none of it, since people answer below what they quote. In linear time.
 */
export function proseOf(text: string): string[] {
  const state: State = { items: [], fence: undefined, html: undefined, open: [], paragraphs: [] };
  for (const line of text.split(/\r\n?|\n/)) readLine(state, line);
  endParagraph(state);
  return state.paragraphs;
}

function readLine(state: State, line: string): void {
  if (/^[ \t]*$/.test(line)) {
    if (state.fence === undefined && state.html === undefined) endParagraph(state);
    return;
  }
  const { columns, rest } = indented(line, 0);
  if (state.html !== undefined) {
    if (state.html.test(rest)) state.html = undefined;
    return;
  }
  leaveItems(state, columns);
  if (state.fence !== undefined) {
    if (closes(state.fence, rest, columns - depthOf(state))) state.fence = undefined;
    return;
  }
  readBlocks(state, columns, rest);
}

/** A line outside fences: the lists that it begins, and what is in them. */
function readBlocks(state: State, from: number, text: string): void {
  let [columns, rest] = [from, text];
  for (;;) {
    if (columns - depthOf(state) >= 4) {
      // Code, but for the lines of a paragraph, which may stand where they like.
      if (state.open.length > 0) state.open.push(rest);
      return;
    }
    const marker = ITEM.exec(rest)?.[0];
    if (marker === undefined || state.items.length >= MAX_DEPTH) break;
    endParagraph(state);
    const after = indented(rest.slice(marker.length), columns + marker.length);
    const gap = after.columns - columns - marker.length;
    state.items.push(columns + marker.length + (gap > 4 || after.rest === "" ? 1 : gap));
    if (after.rest === "") return;
    columns = after.columns;
    rest = after.rest;
  }
  readLeaf(state, rest);
}

function readLeaf(state: State, rest: string): void {
  if (rest.startsWith(">")) {
    endParagraph(state);
    return;
  }
  const fence = FENCE.exec(rest);
  const html = HTML.find(([begins]) => begins.test(rest));
  if (fence !== null && !(rest.startsWith("`") && fence[2]?.includes("`"))) {
    endParagraph(state);
    state.fence = { marks: fence[1] as string, depth: state.items.length };
  } else if (html !== undefined) {
    endParagraph(state);
    if (!html[1].test(rest)) state.html = html[1];
  } else if (HEADING.test(rest)) {
    endParagraph(state);
    state.paragraphs.push(rest);
  } else if (state.open.length > 0 || !DEFINITION.test(rest)) state.open.push(rest);
}

function endParagraph(state: State): void {
  if (state.open.length > 0) state.paragraphs.push(state.open.join("\n"));
  state.open = [];
}

/** Ends the list items that a line does not stand in; the lines of a paragraph may stand left of theirs. */
function leaveItems(state: State, columns: number): void {
  const kept = state.items.findIndex((at) => at > columns);
  if (kept < 0) return;
  state.items.length = kept;
  if (state.fence !== undefined && state.fence.depth > kept) state.fence = undefined;
}

function depthOf({ items }: State): number {
  return items.at(-1) ?? 0;
}

function closes({ marks }: Fence, rest: string, indent: number): boolean {
  const [, found = "", after = ""] = FENCE.exec(rest) ?? [];
  return indent < 4 && found.startsWith(marks) && after.trim() === "";
}

/** Where the text of a line begins, with tabs that reach to every fourth column. */
function indented(line: string, from: number): { readonly columns: number; readonly rest: string } {
  let [columns, at] = [from, 0];
  for (; line[at] === " " || line[at] === "\t"; at++) columns += line[at] === "\t" ? 4 - (columns % 4) : 1;
  return { columns, rest: line.slice(at) };
}
