import { diffIndices } from "node-diff3";
import { say } from "../../words/say.ts";
import { codeIn, edgesOf, fenceOf, type Run, runsOf, sectionOf } from "./shownText.ts";

/** A body with another text, or why the text cannot stand there. */
export type Spliced = { readonly body: string } | { readonly problem: string };

/**
 * The body with `text` where it had its shown text; the title, the criteria and the notes stay as they are. A block of
 * code that would swallow them is closed.
 */
export function spliceText(body: string, text: string): Spliced {
  const lines = wordsOf(text.split(/\r?\n/));
  const problem = problemOf(body, lines);
  if (problem !== "") return { problem };
  const eol = body.includes("\r\n") ? "\r\n" : "\n";
  for (const ending of [[], fencesLeftIn(lines)]) {
    const made = build(runsOf(body), [...lines, ...ending]);
    if (keepsTheRest(body, made.join("\n"))) return { body: made.join(eol) };
  }
  return { problem: say.ticket.otherParts };
}

function problemOf(body: string, lines: readonly string[]): string {
  const code = codeIn(lines);
  const sections = lines.flatMap((line, n) => (code.has(n) ? [] : sectionOf(line)));
  if (sections.includes("notes")) {
    return say.ticket.notesHeading;
  }
  if (sections.includes("acceptance criteria") && hasCriteria(body)) {
    return say.ticket.criteriaHeading;
  }
  return "";
}

function hasCriteria(body: string): boolean {
  return hiddenIn(body).some((line) => sectionOf(line) === "acceptance criteria");
}

/** Whether all that is not shown as text is what it was; a title or criteria may come where there were none. */
function keepsTheRest(before: string, after: string): boolean {
  const [old, now] = [hiddenIn(before), hiddenIn(after)];
  const isTitle = (line: string): boolean => /^#[ \t]/.test(line);
  const mayCome = !old.some(isTitle) || (!hasCriteria(before) && hasCriteria(after));
  if (!mayCome) return old.join("\n") === now.join("\n");
  let at = 0;
  for (const line of now) if (line === old[at]) at++;
  return at === old.length;
}

function hiddenIn(body: string): string[] {
  return runsOf(body).flatMap(({ isShown, lines }) => (isShown ? [] : lines.filter((line) => line.trim() !== "")));
}

/** What closes the fence that is left open. */
function fencesLeftIn(lines: readonly string[]): string[] {
  const code = codeIn(lines);
  const open = lines.findIndex((line, n) => !code.has(n) && fenceOf(line) !== "");
  return open < 0 ? [] : [fenceOf(lines[open] as string)];
}

function build(runs: readonly Run[], text: readonly string[]): string[] {
  const shown = runs.filter(({ isShown }) => isShown);
  if (shown.length === 0) return withText(runs, text);
  const parts = shown.length === 1 ? [text] : partsOf(shown, text);
  const made: string[] = [];
  for (const { isShown, lines } of runs) {
    const put = isShown ? (parts.shift() ?? []) : lines;
    // Where a part went, the empty lines around it are one.
    const isGap = made.at(-1)?.trim() === "" && !isShown;
    made.push(...(isGap ? put.slice(edgesOf(put).first) : put));
  }
  return made;
}

/** A body that had no text gets it below its title. */
function withText(runs: readonly Run[], text: readonly string[]): string[] {
  const lines = runs.flatMap((run) => run.lines);
  if (text.length === 0) return lines;
  const code = codeIn(lines);
  const title = lines.findIndex((line, n) => !code.has(n) && /^#[ \t]+\S/.test(line));
  const above = lines.slice(0, title + 1);
  const below = lines.slice(title + 1);
  const rest = below.slice(edgesOf(below).first);
  return [...above, ...(above.length === 0 ? [] : [""]), ...text, "", ...rest];
}

/** The text cut where hidden lines stood between its parts: before the lines that followed them. */
function partsOf(shown: readonly Run[], text: readonly string[]): string[][] {
  const old = shown.flatMap(({ lines }, n) => (n === 0 ? lines : ["", ...lines]));
  const changes = diffIndices(old, [...text]);
  const cuts = [0];
  let start = 0;
  for (const { lines } of shown.slice(0, -1)) {
    start += lines.length + 1;
    cuts.push(Math.max(cuts.at(-1) as number, placeIn(changes, start)));
  }
  cuts.push(text.length);
  return shown.map((_, n) => wordsOf(text.slice(cuts[n], cuts[n + 1])));
}

/** Where a line of the old text is in the new one; what was put before it belongs to the part above. */
function placeIn(changes: ReturnType<typeof diffIndices<string>>, line: number): number {
  let shift = 0;
  for (const {
    buffer1: [from, removed],
    buffer2: [at, added],
  } of changes) {
    if (from > line) break;
    if (from + removed > line) return Math.min(at + line - from, at + added);
    shift = at + added - from - removed;
  }
  return line + shift;
}

function wordsOf(lines: readonly string[]): string[] {
  const { first, last } = edgesOf(lines);
  return lines.slice(first, last);
}
