import { sameLine, tickLine } from "../../../ticket/markup/boxes.ts";
import type { Shown } from "../../data/shapes.ts";
import { toast } from "../../page/toasts.tsx";
import { say } from "../../words/say.ts";
import { lineOfNote } from "./noteLine.ts";
import { type SavedText, saveEdit } from "./save.ts";
import { shownText } from "./shownText.ts";
import { spliceText } from "./spliceText.ts";

/** Ticks a box, or takes that back; false where it was refused, which is said. */
export type Tick = (line: number, isDone: boolean) => Promise<boolean>;

/** One after the other: each is made of what the one before left. */
let last: Promise<unknown> = Promise.resolve();

/** Ticks a box of the ticket's text: that line alone changes, whatever others change meanwhile. */
export function tickText(shown: Shown, line: number, isDone: boolean): Promise<boolean> {
  const base = shownText(shown.ticket.body);
  const make = (now: Shown): string | undefined => {
    const theirs = shownText(now.ticket.body);
    const at = sameLine(base, line, theirs);
    return at === undefined ? undefined : tickLine(theirs, at, isDone);
  };
  return inTurn(() => saveEdit(shown, { base, make, into: spliceText }));
}

/** The same in a note. */
export function tickNote(shown: Shown, n: number, line: number, isDone: boolean): Promise<boolean> {
  const id = shown.ticket.notes[n]?.id;
  const make = ({ ticket: { body, notes } }: Shown): string | undefined => {
    const there = notes[n]?.id === id ? n : notes.findIndex((note) => note.id === id);
    const at = lineOfNote(body, notes, there, line);
    return at === undefined ? undefined : tickLine(body, at, isDone);
  };
  return inTurn(() => saveEdit(shown, { base: shownText(shown.ticket.body), make, into: (_, body) => ({ body }) }));
}

async function inTurn(save: () => Promise<SavedText>): Promise<boolean> {
  const turn = last.then(save);
  last = turn.catch(() => {});
  const saved = await turn;
  if (saved === "refused") return false;
  if ("text" in saved) return true;
  toast({ text: say.ticket.notTicked, kind: "error" });
  return false;
}
