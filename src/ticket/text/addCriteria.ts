import { readSection, setSection } from "./body.ts";
import { lastBox } from "./criteria.ts";
import { readLines } from "./markdown.ts";
import { splitDocument } from "./splitDocument.ts";

/** Lines that are no boxes yet become boxes; anything with structure of its own stays. */
export function asBoxes(text: string): string {
  const lines = text.trim().split("\n");
  const isPlain = lines.every((line) => !/^\s*([-*+]|\d+[.)])\s*\[[ xX]\]/.test(line));
  if (!isPlain) return text.trim();
  return lines
    .map((line) => (line.trim() === "" ? line : `- [ ] ${line.replace(/^\s*[-*+]\s+/, "").trim()}`))
    .join("\n");
}

/** Adds boxes below the last one, or as a section where there is none. */
export function addCriteria(source: string, criteria: readonly string[]): string {
  if (criteria.length === 0) return source;
  const { eol } = splitDocument(source);
  const added = criteria.map((text) => `- [ ] ${text}`);
  const last = lastBox(source);
  if (last === undefined) {
    const known = readSection(source, "Acceptance Criteria") ?? "";
    return setSection(source, "Acceptance Criteria", [...(known === "" ? [] : [known, ""]), ...added].join("\n"));
  }
  // What a box says may go on below it.
  const rest = readLines(source, last.end);
  const after = rest.findIndex(({ text }) => !/^[ \t]+\S/.test(text));
  const at = rest[after < 0 ? rest.length - 1 : after - 1]?.end ?? last.end;
  const lead = source[at - 1] === "\n" ? "" : eol;
  return `${source.slice(0, at)}${lead}${added.join(eol)}${eol}${source.slice(at)}`;
}
