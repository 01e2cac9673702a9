import { dueEnd } from "../../../ticket/moments.ts";
import { shortDay } from "../../page/times.ts";
import { say } from "../../words/say.ts";
import { type Card, isFinished } from "../shapes.ts";

/** When a ticket is due, as a card says it. */
export interface Due {
  readonly day: string;
  readonly text: string;
  readonly isOver: boolean;
}

/** What a card says of when its ticket is due; undefined where that is nothing, or over with the work. */
export function dueOf(card: Card, now: number): Due | undefined {
  const { due } = card;
  if (due === undefined || due === null || isFinished(card)) return undefined;
  const isOver = (dueEnd(due) ?? Number.POSITIVE_INFINITY) <= now;
  const day = shortDay(due);
  return { day, text: say.times[isOver ? "overdue" : "due"](day), isOver };
}
