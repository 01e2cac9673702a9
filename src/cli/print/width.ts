import { clusters, clusterWidth, cut, widthOf } from "../../textWidth.ts";

export { cut as truncate, widthOf };

/** The text in exactly `width` cells: cut with `…`, or filled up with blanks. */
export function fillTo(text: string, width: number): string {
  const shown = cut(text, width);
  return shown + " ".repeat(width - widthOf(shown));
}

/** The text in up to `lines` lines of `width` cells, broken between words where that is possible. */
export function wrap(text: string, width: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = text.trim();
  while (widthOf(rest) > width && wrapped.length < lines - 1) {
    const head = takeCells(rest, width);
    const blank = rest[head.length] === " " ? head.length : head.lastIndexOf(" ");
    const line = blank > 0 ? rest.slice(0, blank) : head;
    wrapped.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return [...wrapped, cut(rest, width)];
}

/** As much of the beginning as fits; at least one character, or nothing would ever get shorter. */
function takeCells(text: string, width: number): string {
  let taken = "";
  let cells = 0;
  for (const cluster of clusters(text)) {
    cells += clusterWidth(cluster);
    if (cells > width && taken !== "") break;
    taken += cluster;
  }
  return taken;
}
