/** Of a text that would else seem to bear a mark of ours. */
const NOBODY = "00000000-0000-4000-8000-000000000000";
/** A line that is nothing but a mark. */
const MARK = /(?:^|\r?\n)[ \t]*<!-- ayo:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) -->[ \t]*(?=\r?\n|$)/g;

/** A text, and the mark that stood in it. */
export interface Marked {
  readonly text: string;
  /** What we called the thing when we made it. */
  readonly made: string | undefined;
}

/** Cuts off the last mark, which nobody is shown. What somebody wrote below it stays. */
export function cutMark(body: string): Marked {
  const last = [...body.matchAll(MARK)].at(-1);
  if (last === undefined) return { text: body, made: undefined };
  const before = body.slice(0, last.index).replace(/\r?\n$/, "");
  const after = body.slice(last.index + last[0].length);
  return { text: after.trim() === "" ? before : `${before}${after}`, made: last[1] };
}

/** A text with a mark at its end, which its page does not show. */
export function withMark(text: string, made: string | undefined): string {
  const mark = made ?? (cutMark(text).made === undefined ? undefined : NOBODY);
  if (mark === undefined) return text;
  return `${text === "" ? "" : `${text}\n\n`}<!-- ayo:${mark} -->`;
}
