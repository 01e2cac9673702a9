import { type Line, readLines } from "./markdown.ts";

const HEADING = /^#[ \t]+(\S.*)$/;

/** The text of a body's first `# ` heading outside fences. */
export function titleOf(body: string): string | undefined {
  // Nearly every ticket begins with its title; only the others need their fences found.
  const atTop = /^(?:[ \t]*\r?\n)*#[ \t]+(\S[^\n]*)/.exec(body)?.[1];
  if (atTop !== undefined) return atTop.trim();
  const line = /^#[ \t]/m.test(body) ? findTitle(readLines(body, 0)) : undefined;
  return line?.text.replace(/^#/, "").trim();
}

/** The line of the first `# ` heading outside fences. */
export function findTitle(lines: readonly Line[]): Line | undefined {
  return lines.find((line) => !line.fenced && HEADING.test(line.text));
}
