import { createHash } from "node:crypto";

/** How a text that ayo wrote stands: as some version of ayo wrote it, changed since, or never ours. */
export type Standing = "ours" | "edited" | "foreign";

/** Twelve hex digits that tell whether a text is as it was written; git's conversion of line ends does not count. */
function sumOf(text: string): string {
  return createHash("sha256").update(text.replaceAll("\r\n", "\n").trim()).digest("hex").slice(0, 12);
}

const SIGNATURE = /<!-- ayo agents init ([0-9a-f]{12}): [^\n]*-->\s*$/;

/** A markdown file with a last line by which an unedited one is known. */
export function sign(text: string): string {
  const body = text.trimEnd();
  return `${body}\n\n<!-- ayo agents init ${sumOf(body)}: change anything above and the file is yours; ayo leaves it alone -->\n`;
}

/** How a file stands that {@link sign} may have written. */
export function standingOf(text: string): Standing {
  const match = SIGNATURE.exec(text);
  if (match === null) return "foreign";
  return sumOf(text.slice(0, match.index)) === match[1] ? "ours" : "edited";
}

/** How a kind of file writes comments. */
export type Comment = "markdown" | "hash";

/** Our block in a file of somebody else's, and where it begins and ends in the text. */
export interface Block {
  readonly standing: Standing;
  readonly start: number;
  readonly end: number;
}

/** A text between marks, with a sum by which an unedited one is known. */
export function blockText(text: string, comment: Comment): string {
  const body = text.trim();
  const [open, close] = comment === "markdown" ? ["<!-- ", " -->"] : ["# ", ""];
  return `${open}ayo:begin ${sumOf(body)} (written by: ayo agents init)${close}\n${body}\n${open}ayo:end${close}\n`;
}

/** Our block in a text, or undefined where there is none; one without an end counts as edited. */
export function findBlock(text: string): Block | undefined {
  const begin = /^(?:<!-- |# )ayo:begin ([0-9a-f]{12})\b.*$/m.exec(text);
  if (begin === null) return undefined;
  const end = /^(?:<!-- |# )ayo:end\b.*(?:\r?\n|$)/m.exec(text.slice(begin.index));
  if (end === null) return { standing: "edited", start: begin.index, end: text.length };
  const body = text.slice(begin.index + begin[0].length, begin.index + end.index);
  return {
    standing: sumOf(body) === begin[1] ? "ours" : "edited",
    start: begin.index,
    end: begin.index + end.index + end[0].length,
  };
}

/** The text with our block at its end: after an empty line, or after the end that the last line lacks. */
export function addBlock(text: string, block: string): string {
  if (text === "") return block;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text}${eol}${block.replaceAll("\n", eol)}`;
}

/** The text without our block and what {@link addBlock} put before it. */
export function cutBlock(text: string, { start, end }: Block): string {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  if (/\n\r?\n$/.test(before) || after === "") return before.replace(/\r?\n$/, "") + after;
  return before + after;
}
