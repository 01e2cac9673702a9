import type { Paint } from "./command.ts";
import { widthOf } from "./width.ts";

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;

/** A page of markdown for a terminal: headings and commands stand out, lines fit; tables and blocks stay as they are. */
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
    else joined.push(line);
  }
  return joined.map((line) => lineOf(line, paint, width)).join("\n");
}

function lineOf(line: string, paint: Paint, width: number): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint.bold(heading);
  const lines = line === "" || line.startsWith("|") ? [line] : wrap(line, width);
  return lines.map((one) => inline(one, paint)).join("\n");
}

function inline(line: string, paint: Paint): string {
  return line
    .replaceAll(/\[([^\]]+)\]\([^)\s]+\)/g, "$1")
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, words: string) => paint.bold(words))
    .replaceAll(/`([^`]+)`/g, (_, code: string) => paint.cyan(code));
}

/** Lines of at most `width`; those of a list item after the first are indented. */
function wrap(text: string, width: number): string[] {
  const indent = /^(?:\*|\d+\.) /.exec(text)?.[0].replaceAll(/./g, " ") ?? "";
  const lines: string[] = [];
  let line = "";
  // A link or a piece of code is one word, however many it shows.
  for (const word of text.match(/(?:\[[^\]]+\]\([^)\s]+\)|`[^`]+`|\*\*[^*]+\*\*|\S)+/g) ?? []) {
    const longer = line === "" ? `${lines.length === 0 ? "" : indent}${word}` : `${line} ${word}`;
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
