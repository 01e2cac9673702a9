import { type ReadJson, readJson } from "../../ticket/output/readJson.ts";
import { withoutColours } from "../../ticket/printed/printedLines.ts";
import type { RunEvent } from "./runEvent.ts";
import { MAX_TEXT } from "./texts.ts";

/** What an agent said last, from the events of its run in their order. */
export class LastWords {
  #parts: string[] = [];
  #size = 0;
  #isOver = true;

  /** Takes the next event. */
  take(event: RunEvent): void {
    if (event.type === "end" && event.text !== undefined) this.#begin(event.text);
    if (event.type !== "text") {
      // A line of plain output after a tool is a new text.
      if (event.type === "tool") this.#isOver = true;
      return;
    }
    const text = withoutColours(event.text);
    if (event.isPart !== true || this.#isOver) this.#begin(text);
    else this.#add(text);
    this.#isOver = event.isPart !== true;
  }

  #begin(text: string): void {
    this.#parts = [text];
    this.#size = text.length;
  }

  /** Of very many lines the last count. */
  #add(text: string): void {
    this.#parts.push(text);
    this.#size += text.length + 1;
    if (this.#size <= 2 * MAX_TEXT) return;
    this.#parts = [this.#parts.join("\n").slice(-MAX_TEXT)];
    this.#size = MAX_TEXT;
  }

  /** The words, without white space around them; undefined where nothing was said. */
  get text(): string | undefined {
    const text = this.#parts.join("\n").trim();
    return text === "" ? undefined : text;
  }
}

/**
 * The JSON that a text is, or that the last fenced block of it is, or the one that stands between its words; a fault where
 * that would be kept as something else, and where there are several. Undefined where there is none.
 */
export function jsonIn(text: string): ReadJson | undefined {
  for (const one of [text, ...fencedBlocks(text).reverse()]) if (isJson(one)) return readJson(one);
  const [only, ...others] = between(text);
  if (only === undefined) return undefined;
  if (others.length === 0) return readJson(only);
  return { fault: { pointer: "", message: `has ${others.length + 1} JSON values in it: answer with one` } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The objects and lists that stand between words, each whole. What lies in brackets that are no JSON, or that nobody closes,
 * is a part of something else.
 */
function between(text: string): string[] {
  const found: string[] = [];
  const brackets = /[{[]/g;
  for (let open = brackets.exec(text); open !== null; open = brackets.exec(text)) {
    const end = closedAt(text, open.index);
    if (end === undefined) return /[}\]]/.test(text.slice(open.index)) ? [] : found;
    const one = text.slice(open.index, end);
    if (isJson(one)) found.push(one);
    brackets.lastIndex = end;
  }
  return found;
}

/** Behind the bracket that closes the one at a place; undefined where none does. */
function closedAt(text: string, from: number): number | undefined {
  const marks = /"(?:[^"\\]|\\.)*"|[{}[\]]/gsu;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === "{" || mark[0] === "[") depth++;
    else if (mark[0] === "}" || mark[0] === "]") depth--;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let open: { readonly fence: string; readonly from: number } | undefined;
  const lines = text.split("\n");
  lines.forEach((line, at) => {
    const fence = /^\s*(`{3,}|~{3,})[^`]*$/.exec(line)?.[1];
    if (fence === undefined) return;
    if (open === undefined) open = { fence, from: at + 1 };
    else if (line.trim() === open.fence) {
      blocks.push(lines.slice(open.from, at).join("\n"));
      open = undefined;
    }
  });
  return blocks;
}
