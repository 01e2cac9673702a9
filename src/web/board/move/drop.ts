import { ticketName } from "../../data/commands.ts";
import { moveMany } from "../../data/many/changeMany.ts";
import { placeBetween, putCards } from "../../data/many/putCards.ts";
import type { Target } from "../../data/many/target.ts";
import { cardOf, model } from "../../data/model.ts";
import { projects } from "../../data/projectList.ts";
import { type Card, type Column, isFinished } from "../../data/shapes.ts";
import { toast } from "../../page/toasts.tsx";
import { say } from "../../words/say.ts";
import { bandFields, shownBands } from "../bands.ts";
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
    drop: (drag) => void drop({ ...drag, from: statusesOf(movedWith(id, lanes), lanes) }, lanes),
  };
}

/** Where cards stand, as the columns were when they were picked up. */
export function statusesOf(ids: readonly string[], lanes: readonly Lane[]): Drag["from"] {
  const cards = lanes.flatMap((lane) => lane.cards).filter(({ id }) => ids.includes(id));
  return new Map(cards.map(({ id, status }) => [id, status]));
}

/** Why cards are not put down: somebody else has moved one since it was picked up, or it is gone; "" where nobody has. */
function conflictOf(from: Drag["from"] = new Map()): string {
  for (const [id, status] of from) {
    const now = cardOf(id);
    if (now === undefined) return say.board.goneMeanwhile(id);
    if (now.status !== status) return say.board.movedMeanwhile(ticketName(id), columnName(now.status));
  }
  return "";
}

function columnName(status: string): string {
  const known = model.get();
  const columns = known === undefined || "code" in known ? [] : known.columns;
  return columns.find(({ id }) => id === status)?.name ?? status;
}

/** Puts cards down: into a column, a row, and a place among its cards, as far as these are others. */
export function drop({ id, over, spot, row, from }: Drag, lanes: readonly Lane[]): Promise<boolean> {
  const conflict = conflictOf(from);
  if (conflict !== "") {
    toast({ text: conflict, kind: "error", about: `status ${id}` });
    return Promise.resolve(false);
  }
  const column = lanes.find((lane) => lane.column.id === over)?.column;
  const ids = movedWith(id, lanes);
  const card = cardOf(id);
  if (column === undefined || card === undefined) return Promise.resolve(false);
  const fields = fieldsOf(ids, row);
  const isPlaced = spot !== undefined && (fields !== undefined || !isThere(ids, spot, lanes));
  const place = isPlaced ? placeBetween(card, cardOf(spot.before), cardOf(spot.after)) : undefined;
  if (fields === undefined && place === undefined) return moveMany(ids, column);
  return putCards(ids, {
    column,
    ...(fields === undefined ? {} : { fields }),
    ...(place === undefined ? {} : { place }),
  });
}

/** What cards get by the row that they are put into. */
function fieldsOf(ids: readonly string[], key: string | undefined): Target["fields"] {
  const { by, bands } = shownBands.get() ?? {};
  const band = bands?.find((one) => one.key === key);
  if (by === undefined || band === undefined) return undefined;
  const { find } = projects.get();
  return bandFields(
    ids.flatMap((id) => cardOf(id) ?? []),
    { by, key: band.key, name: band.name, find },
  );
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
  if (lane === undefined || card === undefined) return false;
  if (isFinished(card)) return stays(say.board.finishedStay);
  const cards = groupAround(lane, id);
  const ids = movedWith(id, [{ ...lane, cards }]);
  const moved = new Set(ids);
  const others = cards.filter((one) => !moved.has(one.id));
  const first = cards.findIndex((one) => moved.has(one.id));
  const at = first + step;
  if (at < 0 || at > others.length) return stays(say.board[step < 0 ? "isFirst" : "isLast"](ticketName(id)));
  const anchor = step < 0 ? others[at] : others[at - 1];
  if (anchor === undefined) return true;
  const column = { id: card.status, name: card.status, category: card.category };
  const way = step < 0 ? { before: anchor.id } : { after: anchor.id };
  focusCard(id);
  void putCards(ids, { column, place: way }).then((isDone) => {
    if (isDone) announcement.set(say.board.isAt(id, at + 1, cards.length));
    focusCard(id);
  });
  return true;
}

/** Says why nothing moves. */
export function stays(why: string): true {
  toast({ text: why, kind: "note" });
  return true;
}

/** The cards of a column that stand with one under a heading. */
function groupAround({ rows, starts, cards }: Lane, id: string): readonly Card[] {
  if (starts.length > 1) {
    const place = cards.findIndex((card) => card.id === id);
    const row = starts.findLastIndex((begin) => begin <= place);
    return cards.slice(starts[row], starts[row + 1]);
  }
  const at = rows.findIndex((row) => row.kind === "card" && row.card.id === id);
  const start = rows.findLastIndex((row, n) => n < at && row.kind === "heading");
  const end = rows.findIndex((row, n) => n > at && row.kind === "heading");
  return rows.slice(start + 1, end < 0 ? rows.length : end).flatMap((row) => (row.kind === "card" ? [row.card] : []));
}
