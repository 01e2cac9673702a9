import { crc32 } from "node:zlib";
import { readLines } from "../ticket/text/markdown.ts";

/** What templates put into tickets: a line that is still as it was says nothing about what a ticket is about. */
export interface TemplateText {
  readonly lines: ReadonlySet<string>;
  /** Lines that had the ticket's title in them. */
  readonly titled: readonly string[];
  /** Changes with the templates. */
  readonly fingerprint: string;
}

const TITLE = "{{title}}";
/** Headings that ayo writes itself. */
const OWN = "## Design\n## Acceptance Criteria";
const CODE_OR_COMMENT = /`[^`\n]*`|<!--/g;

/** What these templates put into tickets. */
export function templateText(templates: readonly string[]): TemplateText {
  const all = [...templates, OWN].flatMap((text) => withoutComments(text).split("\n")).map(plain);
  const [titled, lines] = [all.filter((line) => line.includes(TITLE)), all.filter((line) => !line.includes(TITLE))];
  return { lines: new Set(lines), titled, fingerprint: crc32(templates.join("\0")).toString(16) };
}

/** A text without the lines that a template brought. */
export function withoutTemplate(text: string, title: string, { lines, titled }: TemplateText): string {
  const own = new Set(titled.map((line) => plain(line.replaceAll(TITLE, title))));
  return text
    .split("\n")
    .filter((line) => {
      const written = plain(line);
      return written === "" || (!lines.has(written) && !own.has(written));
    })
    .join("\n");
}

/** A text without comments, which nobody sees where it is shown; those in code are none. */
export function withoutComments(text: string): string {
  if (!text.includes("<!--")) return text;
  const fences = readLines(text, 0).filter(({ fenced }) => fenced);
  let left = "";
  let from = 0;
  let fence = 0;
  CODE_OR_COMMENT.lastIndex = 0;
  for (let found = CODE_OR_COMMENT.exec(text); found !== null; found = CODE_OR_COMMENT.exec(text)) {
    while (fence < fences.length && (fences[fence]?.end as number) <= found.index) fence++;
    const line = fences[fence];
    if (line !== undefined && line.start <= found.index) CODE_OR_COMMENT.lastIndex = line.end;
    else if (found[0] === "<!--") {
      const end = text.indexOf("-->", found.index + 2);
      if (end < 0) break;
      left += text.slice(from, found.index);
      from = end + 3;
      CODE_OR_COMMENT.lastIndex = from;
    }
  }
  return left + text.slice(from);
}

/** A line as it is compared: whether a box is ticked, and blanks, make no other. */
function plain(line: string): string {
  return line
    .replace(/^([ \t]*[-*+][ \t]+)\[[xX]\]/, "$1[ ]")
    .replaceAll(/\s+/g, " ")
    .trim();
}
