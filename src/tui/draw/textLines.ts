import { clusters, clusterWidth, widthOf } from "../../textWidth.ts";
import type { Span, Style } from "../../ticket/printed/printedLines.ts";
import { THEME } from "./theme.ts";

/** Pieces broken into lines of so many cells, between words where that is possible. */
export function wrapSpans(spans: readonly Span[], width: number, indent = ""): Span[][] {
  const lines: Span[][] = [[]];
  const margin = widthOf(indent);
  const room = Math.max(4, width);
  let used = 0;
  const newLine = (): void => {
    lines.push(indent === "" ? [] : [{ text: indent }]);
    used = margin;
  };
  const add = (word: string, style: Style | undefined): void => {
    const bare = widthOf(word.trimEnd());
    if (used + bare > room && used > margin) newLine();
    for (const piece of bare + margin > room ? pieces(word, room - margin) : [word]) {
      if (used + widthOf(piece.trimEnd()) > room && used > margin) newLine();
      lines.at(-1)?.push({ text: piece, style });
      used += widthOf(piece);
    }
  };
  for (const { text, style } of spans) for (const word of text.split(/(?<= )/)) add(word, style);
  return lines;
}

function* pieces(word: string, width: number): Generator<string> {
  let piece = "";
  let cells = 0;
  for (const cluster of clusters(word)) {
    const more = clusterWidth(cluster);
    if (cells + more > width && piece !== "") {
      yield piece;
      piece = "";
      cells = 0;
    }
    piece += cluster;
    cells += more;
  }
  if (piece !== "") yield piece;
}

/** A markdown text as lines, with what stands out in it; its words stay as they are written. */
export function markdownLines(text: string, width: number): Span[][] {
  const lines: Span[][] = [];
  let fence = "";
  for (const line of text.replaceAll("\t", "    ").split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === "" || mark.startsWith(fence))) {
      fence = fence === "" ? mark : "";
      lines.push([{ text: line, style: THEME.dim }]);
    } else if (fence !== "") lines.push(...wrapSpans([{ text: line, style: THEME.code }], width));
    else lines.push(...wrapSpans(inlineSpans(line), width, indentOf(line, width)));
  }
  return lines;
}

function indentOf(line: string, width: number): string {
  const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/.exec(line)?.[0] ?? /^\s*/.exec(line)?.[0] ?? "";
  return " ".repeat(Math.min(12, item.length, Math.max(0, width - 4)));
}

const INLINE = /(`[^`]+`)|(\*\*[^*]+\*\*|__[^_]+__)|(https?:\/\/[^\s)>\]]+)|(^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\])?)/g;

function inlineSpans(line: string): Span[] {
  if (/^#{1,6}\s/.test(line)) return [{ text: line.replace(/^#+\s+/, ""), style: THEME.heading }];
  if (/^\s*>/.test(line)) return [{ text: line, style: THEME.dim }];
  const spans: Span[] = [];
  let last = 0;
  for (const found of line.matchAll(INLINE)) {
    if (found.index > last) spans.push({ text: line.slice(last, found.index) });
    last = found.index + found[0].length;
    const kind = found.slice(1).findIndex((part) => part !== undefined);
    const style = [THEME.code, THEME.bold, THEME.link, THEME.key][kind];
    spans.push({ text: kind === 1 ? found[0].slice(2, -2) : found[0], style });
  }
  if (last < line.length) spans.push({ text: line.slice(last) });
  return spans;
}
