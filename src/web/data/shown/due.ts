import { dueEnd } from "../../../ticket/moments.ts";
import { shortDay } from "../../page/times.ts";
import { say } from "../../words/say.ts";
import { type Card, isFinished } from "../shapes.ts";

/** What a card says of when its ticket is due; undefined where that is nothing, or over with the work. */
export function dueOf(card: Card, now: number): { readonly text: string; readonly isOver: boolean } | undefined {
  const { due } = card;
  if (due === undefined || due === null || isFinished(card)) return undefined;
  const isOver = (dueEnd(due) ?? Number.POSITIVE_INFINITY) <= now;
  return { text: say.times[isOver ? "overdue" : "due"](shortDay(due)), isOver };
}
