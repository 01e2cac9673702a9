import { unclosedFence } from "../../ticket/text/markdown.ts";

/** Texts under headings of their own, by heading; "" is the text that stands first. What is empty is left out. */
export function joinSections(texts: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(texts).flatMap(([heading, given]) => {
    const text = given?.trim() ?? "";
    if (text === "") return [];
    return [heading === "" ? text : `## ${heading}\n\n${text}`];
  });
  return parts.map((part, at) => (at === parts.length - 1 ? part : closeFence(part))).join("\n\n");
}

/** A fence left open must not swallow the next section. */
function closeFence(text: string): string {
  const fence = unclosedFence(text);
  return fence === undefined ? text : `${text}\n${fence}`;
}

/** A plain list becomes boxes to tick; prose and what has boxes already stay as they are. */
export function boxes(text: string): string {
  const lines = text.trim().split("\n");
  const isList = lines.every((line) => line.trim() === "" || /^(?:[-*+]|\d{1,9}[.)])[ \t]+(?!\[[ xX]\])\S/.test(line));
  return isList ? lines.map((line) => line.replace(/^(?:[-*+]|\d{1,9}[.)])[ \t]+/, "- [ ] ")).join("\n") : text;
}

/** Criteria that a source has as a list. */
export function boxesOf(items: readonly string[]): string | undefined {
  return items.length === 0
    ? undefined
    : items.map((item) => `- [ ] ${item.trim().replaceAll(/\s*\n\s*/g, " ")}`).join("\n");
}
