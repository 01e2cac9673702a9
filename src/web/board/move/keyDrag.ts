import { moveTicket } from "../../data/commands.ts";
import { type Lane, placeOf } from "../lanes.ts";
import { announcement, dragged, focusCard } from "./drag.ts";

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
/** Would walk away from the card. */
const OTHER_STEPS = ["ArrowUp", "ArrowDown", "j", "k", "Home", "End", "PageUp", "PageDown"];

/** Takes a card up by keys. */
export function pickUp(id: string, lanes: readonly Lane[]): void {
  const column = lanes[placeOf(lanes, id)?.lane ?? 0]?.column;
  // In the list there is nowhere to put it.
  if (column === undefined || column.id === "") return;
  dragged.set({ id, over: column.id, by: "keys" });
  announcement.set(
    `${id} picked up in ${column.name}. Left and right choose a column, space puts it down, escape puts it back.`,
  );
}

/** What a key does while a card is held by keys; true where it did something. */
export function pressWhileDragging(key: string, lanes: readonly Lane[]): boolean {
  const { id = "", over = "" } = dragged.get() ?? {};
  const at = lanes.findIndex(({ column }) => column.id === over);
  const step = STEPS[key] ?? 0;
  if (step !== 0) {
    const next = lanes[Math.max(0, Math.min(at + step, lanes.length - 1))]?.column;
    if (next === undefined) return true;
    dragged.set({ id, over: next.id, by: "keys" });
    announcement.set(`over ${next.name}`);
    document.querySelector(`[data-column="${CSS.escape(next.id)}"]`)?.scrollIntoView({ inline: "nearest" });
    return true;
  }
  if (key === " " || key === "Enter" || key === "d") {
    const column = lanes[at]?.column;
    dragged.set(undefined);
    if (column === undefined) return true;
    announcement.set(`put down in ${column.name}`);
    void moveTicket(id, column).then(() => focusCard(id));
    focusCard(id);
    return true;
  }
  if (key === "Escape") {
    dragged.set(undefined);
    announcement.set("put back");
    return true;
  }
  return OTHER_STEPS.includes(key);
}
