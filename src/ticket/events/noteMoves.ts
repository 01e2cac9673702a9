import type { Changes } from "./changes.ts";

/** A note as a change tells it; a long text may be cut. */
export interface ToldNote {
  readonly id: string;
  readonly at: string;
  readonly by: string | null;
  readonly text: string | null;
}

/** What became of a ticket's notes. */
export interface NoteMoves {
  /** New ones. */
  readonly said: readonly ToldNote[];
  readonly edited: readonly { readonly from: ToldNote; readonly to: ToldNote }[];
  /** Those that are no longer there. */
  readonly gone: readonly ToldNote[];
}

/** Which notes are new, and which only other words of one that was there: with its time and author, or its text. */
export function noteMoves({ notes }: Changes): NoteMoves {
  const gone = listOf(notes?.from);
  const said: ToldNote[] = [];
  const edited: NoteMoves["edited"][number][] = [];
  for (const to of listOf(notes?.to)) {
    const same = gone.findIndex((one) => one.at === to.at && one.by === to.by);
    const at = same >= 0 ? same : gone.findIndex((one) => one.text !== null && one.text === to.text);
    if (at < 0) said.push(to);
    else edited.push({ from: gone.splice(at, 1)[0] as ToldNote, to });
  }
  return { said, edited, gone };
}

function listOf(notes: unknown): ToldNote[] {
  return Array.isArray(notes) ? (notes as ToldNote[]).slice() : [];
}
