import type { Line } from "../data/shapes.ts";

/** A line as it is shown. */
export interface ShownLine {
  readonly line: Line;
  /** It needs nobody any more, and stays for what is being typed in it, or since somebody reads the list. */
  readonly isGone: boolean;
}

/**
 * The lines of now, with those of before that are gone while somebody types or reads: nothing typed is lost, no key or click
 * that was meant for one line reaches another. They stay where they were.
 */
export function withGone(
  before: readonly ShownLine[],
  now: readonly Line[],
  stays: (one: ShownLine) => boolean,
): readonly ShownLine[] {
  const there = new Set(now.map(({ key }) => key));
  const shown = now.map((line) => ({ line, isGone: false }));
  before.forEach((one, n) => {
    if (there.has(one.line.key) || !stays(one)) return;
    const earlier = new Set(before.slice(0, n).map(({ line }) => line.key));
    const at = shown.findLastIndex(({ line }) => earlier.has(line.key)) + 1;
    shown.splice(at, 0, { line: one.line, isGone: true });
  });
  return shown;
}

/** Whether somebody types in a line, or has typed something that was not sent. */
export function isTypedIn(box: Element | null, key: string): boolean {
  const field = box?.querySelector<HTMLTextAreaElement>(`[data-line="${CSS.escape(key)}"] textarea`);
  return field != null && (field.value.trim() !== "" || document.activeElement === field);
}
