import { Problem } from "../../data/api.ts";
import { moveMany } from "../../data/changeMany.ts";
import { model } from "../../data/model.ts";
import { placeBetween, putCards } from "../../data/putCards.ts";
import { type Card, type Column, isFinished } from "../../data/shapes.ts";
import { type Lane, placeOf } from "../lanes.ts";
import { selection } from "../selection.ts";
import { announcement, type Drag, type Dragging, focusCard } from "./drag.ts";
import type { Spot } from "./spot.ts";

/** The cards that are moved with one: all that are selected where it is among them, in their order. */
export function movedWith(id: string, lanes: readonly Lane[]): readonly string[] {
  const { ids } = selection.get();
  if (!ids.has(id)) return [id];
  return lanes.flatMap(({ cards }) => cards.map((card) => card.id)).filter((one) => ids.has(one));
}

/** What is done with a card that a pointer takes. */
export function draggingOf(id: string, lanes: readonly Lane[]): Dragging {
  const columnAt = (column: string): Column | undefined => lanes.find((lane) => lane.column.id === column)?.column;
  return {
    all: () => movedWith(id, lanes),
    // In another column a card keeps its place in the order of all.
    isOrdered: (column) => cardOf(id)?.status === column && !isFinished(columnAt(column) ?? { category: "done" }),
    drop: (drag) => drop(drag, lanes),
  };
}

function drop({ id, over, spot }: Drag, lanes: readonly Lane[]): void {
  const column = lanes.find((lane) => lane.column.id === over)?.column;
  const ids = movedWith(id, lanes);
  if (column === undefined) return;
  if (spot === undefined) void moveMany(ids, column);
  else void putBetween(id, { ids, column, spot }, lanes);
}

/** Puts cards between two of a column. */
async function putBetween(
  id: string,
  { ids, column, spot }: { readonly ids: readonly string[]; readonly column: Column; readonly spot: Spot },
  lanes: readonly Lane[],
): Promise<void> {
  const card = cardOf(id);
  if (card === undefined || isThere(ids, spot, lanes)) return;
  const place = placeBetween(card, cardOf(spot.before), cardOf(spot.after));
  if (place !== undefined) await putCards(ids, { column, place });
}

/** Whether the cards stand there already. */
function isThere(ids: readonly string[], { before, after }: Spot, lanes: readonly Lane[]): boolean {
  const place = placeOf(lanes, ids[0] ?? "");
  if (place === undefined) return false;
  const { cards = [] } = lanes[place.lane] ?? {};
  const own = cards.slice(place.at, place.at + ids.length);
  return (
    own.every((card, at) => card.id === ids[at]) &&
    (cards[place.at - 1]?.id ?? "") === before &&
    (cards[place.at + ids.length]?.id ?? "") === after
  );
}

/** Moves a card, and those that are selected with it, by one among the cards that are shown. */
export function stepCard(id: string, step: -1 | 1, lanes: readonly Lane[]): boolean {
  const place = placeOf(lanes, id);
  const lane = place === undefined ? undefined : lanes[place.lane];
  const card = cardOf(id);
  if (lane === undefined || card === undefined || isFinished(card)) return false;
  const cards = groupAround(lane, id);
  const ids = movedWith(id, [{ ...lane, cards }]);
  const moved = new Set(ids);
  const others = cards.filter((one) => !moved.has(one.id));
  const first = cards.findIndex((one) => moved.has(one.id));
  const at = first + step;
  if (at < 0 || at > others.length) return true;
  const anchor = step < 0 ? others[at] : others[at - 1];
  if (anchor === undefined) return true;
  const column = { id: card.status, name: card.status, category: card.category };
  const way = step < 0 ? { before: anchor.id } : { after: anchor.id };
  focusCard(id);
  void putCards(ids, { column, place: way }).then((isDone) => {
    if (isDone) announcement.set(`${id} is ${at + 1} of ${cards.length}`);
    focusCard(id);
  });
  return true;
}

/** The cards of a column that stand with one under a heading. */
function groupAround({ rows }: Lane, id: string): readonly Card[] {
  const at = rows.findIndex((row) => row.kind === "card" && row.card.id === id);
  const start = rows.findLastIndex((row, n) => n < at && row.kind === "heading");
  const end = rows.findIndex((row, n) => n > at && row.kind === "heading");
  return rows.slice(start + 1, end < 0 ? rows.length : end).flatMap((row) => (row.kind === "card" ? [row.card] : []));
}

function cardOf(id: string): Card | undefined {
  const known = model.get();
  return known === undefined || known instanceof Problem ? undefined : known.cards.get(id);
}
