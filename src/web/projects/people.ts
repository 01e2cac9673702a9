import { type Card, isFinished } from "../data/shapes.ts";

/** Somebody who works on a project: how many of its tickets are in his hands or his, and how many are finished. */
export interface Person {
  readonly name: string;
  readonly open: number;
  readonly done: number;
}

/** Who works on tickets, whoever has most of what is open first; of a ticket that is claimed who claimed it. */
export function peopleOf(cards: Iterable<Card>): readonly Person[] {
  const found = new Map<string, { open: number; done: number }>();
  for (const card of cards) {
    const names = isFinished(card) || card.claim === null ? (card.assignee?.split(", ") ?? []) : [card.claim.by];
    for (const name of names) {
      const count = found.get(name) ?? { open: 0, done: 0 };
      if (!isFinished(card)) count.open++;
      else if (card.category === "done") count.done++;
      found.set(name, count);
    }
  }
  const all = [...found].map(([name, count]) => ({ name, ...count }));
  return all.sort((one, other) => other.open - one.open || other.done - one.done || (one.name < other.name ? -1 : 1));
}
