import type { Paint } from "../table/command.ts";
import { widthOf } from "./width.ts";

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;
/** The first column of a table is no wider; a longer word stands on a line of its own. */
const FIRST_COLUMN = 28;

/** A page of markdown for a terminal: headings and commands stand out, lines fit, blocks stay as they are. */
export function renderGuide(markdown: string, paint: Paint, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const blocks = markdown.split(/^(```[\s\S]*?^```\n?)/m);
  return blocks.map((part) => (part.startsWith("```") ? block(part, paint) : prose(part, paint, width))).join("");
}

function block(fenced: string, paint: Paint): string {
  const lines = fenced.trimEnd().split("\n").slice(1, -1);
  return lines.map((line) => `  ${line.startsWith("$ ") ? paint.bold(line) : line}\n`).join("");
}

/** What begins a line of its own; every other line goes on with the one before. */
const BEGINS = /^(?:$|#+ |\||\* |\d+\. )/;

function prose(text: string, paint: Paint, width: number): string {
  const joined: string[] = [];
  for (const line of text.split("\n")) {
    const before = joined.at(-1);
    const goesOn = before !== undefined && before !== "" && !BEGINS.test(line) && !/^(?:#|\|)/.test(before);
    if (goesOn) joined[joined.length - 1] = `${before} ${line.trim()}`;
    // The rule below the head of a table.
    else if (!/^\|[-:|]+\|$/.test(line)) joined.push(line);
  }
  return joined.map((line) => lineOf(line, paint, width)).join("\n");
}

function lineOf(line: string, paint: Paint, width: number): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint.bold(heading);
  if (line.startsWith("|")) return row(line, paint, width);
  const indent = /^(?:\* |\d+\. )/.exec(line)?.[0].length ?? 0;
  return wrap(line, width, " ".repeat(indent))
    .map((one) => inline(one, paint))
    .join("\n");
}

/** A row of a table of two columns as a term and what it means; of more columns as it is. */
function row(line: string, paint: Paint, width: number): string {
  const [first = "", second = "", ...more] = line.slice(1, -1).split(/(?<!\\)\|/);
  if (more.length > 0) return inline(line, paint);
  const term = first.trim();
  const indent = " ".repeat(FIRST_COLUMN + 4);
  const meaning = wrap(second.trim(), width - indent.length, "").map((one) => inline(one, paint));
  const gap = FIRST_COLUMN - seen(term);
  const lead = wrap(term, width - 2, "").map((one) => `  ${inline(one, paint)}`);
  const between = gap < 0 ? `\n${indent}` : " ".repeat(gap + 2);
  return `${lead.join("\n")}${between}${meaning.join(`\n${indent}`)}`.trimEnd();
}

function inline(line: string, paint: Paint): string {
  return line
    .replaceAll(/\[([^\]]+)\]\([^)\s]+\)/g, "$1")
    .replaceAll(/`([^`]+)`|\*\*([^*]+)\*\*|(?<![*\w])\*([^*\s][^*]*)\*/g, (_, code, strong, emphasised) =>
      code !== undefined ? paint.cyan(code) : strong !== undefined ? paint.bold(strong) : emphasised,
    );
}

/** Lines of at most `width`; those after the first begin with `indent`. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  // A link or a piece of code is one word, however many it shows.
  for (const word of text.match(/(?:\[[^\]]+\]\([^)\s]+\)|`[^`]+`|\*\*[^*]+\*\*|\S)+/g) ?? []) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && seen(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** The columns that a line takes once {@link inline} has gone over it. */
function seen(line: string): number {
  const same = (words: string): string => words;
  const none = { bold: same, dim: same, red: same, green: same, yellow: same, blue: same, cyan: same };
  return widthOf(inline(line, none));
}
