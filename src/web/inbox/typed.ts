import type { Line } from "../data/inbox.ts";

/** A line as it is shown. */
export interface ShownLine {
  readonly line: Line;
  /** It needs nobody any more, and stays for what is being typed in it. */
  readonly isGone: boolean;
}

/**
 * The lines of now, with those of before that are gone while somebody types in them: nothing typed is lost, and no key
 * that was meant for a field reaches another line. They stay where they were.
 */
export function withTyped(
  before: readonly ShownLine[],
  now: readonly Line[],
  isTyped: (one: ShownLine) => boolean,
): readonly ShownLine[] {
  const there = new Set(now.map(({ key }) => key));
  const shown = now.map((line) => ({ line, isGone: false }));
  before.forEach((one, n) => {
    const { key, kind } = one.line;
    if (there.has(key) || !isTyped(one)) return;
    const ofKind = shown.findLastIndex(({ line }) => line.kind === kind) + 1;
    shown.splice(Math.min(n, ofKind), 0, { line: one.line, isGone: true });
  });
  return shown;
}

/** Whether somebody types in a line, or has typed something that was not sent. */
export function isTypedIn(box: Element | null, key: string): boolean {
  const field = box?.querySelector<HTMLTextAreaElement>(`[data-line="${CSS.escape(key)}"] textarea`);
  return field != null && (field.value.trim() !== "" || document.activeElement === field);
}
