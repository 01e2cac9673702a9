import { readLines } from "../../../ticket/text/markdown.ts";

/** A comment as Backlog.md keeps it. */
export interface Comment {
  readonly at: string | undefined;
  readonly by: string | undefined;
  readonly text: string;
}

/** Comments that only tell Backlog.md where its sections are. */
const MARKER = /^<!-- (?:SECTION:[A-Z][A-Z0-9_]*|AC|DOD|COMMENTS|COMMENT):(?:BEGIN|END) -->\s*$/;
const DELIMITER = /^---\s*$/;
const NUMBERED_BOX = /^([-*+] \[[ xX]\] )#\d+ /;
const DESCRIPTION = /^\s*## Description[ \t]*(?:\n|$)/i;

/** A task's text without markers and box numbers, and its comments, which become notes; line ends are plain. */
export function readBacklogBody(source: string): { readonly body: string; readonly comments: readonly Comment[] } {
  const lines = readLines(source, 0);
  const at = (marker: string): number => lines.findIndex(({ text, fenced }) => !fenced && text.trim() === marker);
  const [begin, end] = [at("<!-- COMMENTS:BEGIN -->"), at("<!-- COMMENTS:END -->")];
  const inside = begin >= 0 && end > begin ? lines.slice(begin + 1, end).map(({ text }) => text) : [];
  const comments = readComments(inside);
  const isRead = comments !== undefined && comments.length > 0;
  const [from, to] = isRead ? [headingAbove(lines, begin), end] : [lines.length, lines.length];
  const kept = [lines.slice(0, from), lines.slice(to + 1)].map((some) => cleanLines(some).trim());
  const body = kept.filter((part) => part !== "").join("\n\n");
  return { body: body.replace(DESCRIPTION, "").trim(), comments: comments ?? [] };
}

type Lines = ReturnType<typeof readLines>;

/** The line of the `## Comments` that stands above a marker, else the marker's own. */
function headingAbove(lines: Lines, marker: number): number {
  const above = lines.slice(0, marker).findLastIndex(({ text }) => text.trim() !== "");
  return /^## Comments\s*$/i.test(lines[above]?.text ?? "") ? above : marker;
}

function cleanLines(lines: Lines): string {
  return lines
    .filter(({ text, fenced }) => fenced || !MARKER.test(text))
    .map(({ text, fenced }) => (fenced ? text : text.replace(NUMBERED_BOX, "$1")))
    .join("\n");
}

/**
 * Comments between delimiters: `author:` and `created:` lines, `---`, the text, `---` (src/markdown/structured-sections.ts
 * of Backlog.md); undefined where something else stands between the markers, which then stays in the text.
 */
function readComments(lines: readonly string[]): Comment[] | undefined {
  const blocks: string[][] = [[]];
  for (const line of lines) {
    if (DELIMITER.test(line)) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  const last = blocks.pop() ?? [];
  if (blocks.length % 2 === 1 || last.some((line) => line.trim() !== "")) return undefined;
  const comments: Comment[] = [];
  for (let n = 0; n < blocks.length; n += 2) {
    const head = blocks[n]?.join("\n") ?? "";
    if (!blocks[n]?.every((line) => line.trim() === "" || /^\w+:/.test(line))) return undefined;
    const word = (key: string): string | undefined =>
      new RegExp(`^${key}:[ \\t]*(\\S.*)$`, "im").exec(head)?.[1]?.trim();
    comments.push({ at: word("created"), by: word("author"), text: blocks[n + 1]?.join("\n") ?? "" });
  }
  return comments;
}
