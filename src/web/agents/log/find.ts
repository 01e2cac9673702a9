import type { LogLine } from "./logLines.ts";

/** Where something stands: the line by its number, and the letter. */
export interface Found {
  readonly line: number;
  readonly at: number;
}

/** More places are not counted. */
export const MOST_FOUND = 10_000;

/** What is looked for, in capitals or not; undefined for nothing. */
export function patternOf(words: string): RegExp | undefined {
  return words === "" ? undefined : new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), "gi");
}

/** Where it stands in lines from one on; `first` is the number of the first line. */
export function findIn(lines: readonly LogLine[], pattern: RegExp, first: number, from = 0): Found[] {
  const found: Found[] = [];
  for (let n = from; n < lines.length && found.length < MOST_FOUND; n++) {
    for (const { index } of lines[n]?.text.matchAll(pattern) ?? []) found.push({ line: first + n, at: index });
  }
  return found;
}

/** The place that is shown first: the first from a line on, else the last. */
export function nearest(found: readonly Found[], line: number): number {
  const at = found.findIndex((one) => one.line >= line);
  return at < 0 ? found.length - 1 : at;
}
