import { say } from "../../words/say.ts";
import { shownBands } from "../bands.ts";
import { type Lane, placeOf } from "../lanes.ts";
import { announcement, dragged, focusCard } from "./drag.ts";
import { drop, movedWith, statusesOf } from "./drop.ts";

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
/** Would walk away from the card. */
const OTHER_STEPS = ["ArrowUp", "ArrowDown", "j", "k", "Home", "End", "PageUp", "PageDown"];

/** Takes a card up by keys. */
export function pickUp(id: string, lanes: readonly Lane[]): void {
  const column = lanes[placeOf(lanes, id)?.lane ?? 0]?.column;
  // In the list there is nowhere to put it.
  if (column === undefined || column.id === "") return;
  const row = rowOf(id, lanes);
  dragged.set({ id, over: column.id, by: "keys", row, from: statusesOf(movedWith(id, lanes), lanes) });
  const { pickedUp, pickedUpInRows } = say.board;
  announcement.set((row === undefined ? pickedUp : pickedUpInRows)(id, column.name));
}

/** The row across the columns that a card stands in. */
function rowOf(id: string, lanes: readonly Lane[]): string | undefined {
  const place = placeOf(lanes, id);
  const starts = place === undefined ? [] : (lanes[place.lane]?.starts ?? []);
  return shownBands.get()?.bands[starts.findLastIndex((start) => start <= (place?.at ?? 0))]?.key;
}

/** What a key does while a card is held by keys; true where it did something. */
export function pressWhileDragging(key: string, lanes: readonly Lane[]): boolean {
  const drag = dragged.get();
  const { id = "", over = "" } = drag ?? {};
  const at = lanes.findIndex(({ column }) => column.id === over);
  const step = STEPS[key] ?? 0;
  if (step !== 0) {
    const next = lanes[Math.max(0, Math.min(at + step, lanes.length - 1))]?.column;
    if (next === undefined) return true;
    if (drag !== undefined) dragged.set({ ...drag, over: next.id });
    announcement.set(say.board.over(next.name));
    document.querySelector(`[data-column="${CSS.escape(next.id)}"]`)?.scrollIntoView({ inline: "nearest" });
    return true;
  }
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (across !== undefined && shownBands.get() !== undefined) return overBand(across);
  if (key === " " || key === "Enter" || key === "d") {
    const column = lanes[at]?.column;
    dragged.set(undefined);
    if (column === undefined || drag === undefined) return true;
    announcement.set(say.board.putDown(column.name));
    void drop(drag, lanes).then(() => focusCard(id));
    focusCard(id);
    return true;
  }
  if (key === "Escape") {
    dragged.set(undefined);
    announcement.set(say.board.putBack);
    return true;
  }
  return OTHER_STEPS.includes(key);
}

/** Chooses the row above or below the one that a card is held over. */
function overBand(step: number): true {
  const drag = dragged.get();
  const bands = shownBands.get()?.bands ?? [];
  const at = bands.findIndex(({ key }) => key === drag?.row);
  const next = bands[Math.max(0, Math.min(at + step, bands.length - 1))];
  if (drag === undefined || next === undefined) return true;
  dragged.set({ ...drag, row: next.key });
  announcement.set(say.board.overRow(next.name));
  document.querySelector(`[data-band="${CSS.escape(next.key)}"]`)?.scrollIntoView({ block: "nearest" });
  return true;
}
