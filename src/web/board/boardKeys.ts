import { moveTicket, runVerb } from "../data/commands.ts";
import { isFinished } from "../data/shapes.ts";
import { navigate, ticketHref } from "../page/router.ts";
import { announcement, dragged, focused } from "./drag.ts";
import { type Lane, placeOf } from "./lanes.ts";

const STEPS: Readonly<Record<string, readonly [lanes: number, cards: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  h: [-1, 0],
  l: [1, 0],
  k: [0, -1],
  j: [0, 1],
};

/** What a key does on the board; true where it did something. Only the card that has the keyboard is acted on. */
export function pressOnBoard({ key, target }: KeyboardEvent, lanes: readonly Lane[]): boolean {
  const at = target instanceof Element ? target : document.body;
  const id = at.closest<HTMLElement>("[data-card]")?.dataset.card;
  const isNowhere = at === document.body || at.id === "main";
  if (id === undefined && !isNowhere) return false;
  const drag = dragged.get();
  if (drag?.by === "keys") return pressWhileDragging(key, drag.id, drag.over, lanes);
  const place = placeOf(lanes, id ?? focused.get().id);
  const step = STEPS[key];
  if (step !== undefined) return walk(lanes, place, step);
  const card = id === undefined || place === undefined ? undefined : lanes[place.lane]?.cards[place.at];
  if (card === undefined) return false;
  const todo = { " ": () => pickUp(card.id, lanes), Enter: () => navigate(ticketHref(card.id)) }[key];
  const verb = { s: isFinished(card) ? "reopen" : "start", x: isFinished(card) ? "reopen" : "close" }[key];
  if (todo !== undefined) todo();
  else if (verb !== undefined) void runVerb(card.id, verb);
  else return false;
  return true;
}

/** Gives the keyboard to a card, which is scrolled to first. */
export function focusCard(id: string): void {
  focused.set({ id, wanted: true });
}

function walk(
  lanes: readonly Lane[],
  place: ReturnType<typeof placeOf>,
  [across, down]: readonly [number, number],
): boolean {
  if (place === undefined) {
    const first = lanes.find(({ cards }) => cards.length > 0)?.cards[0];
    if (first !== undefined) focusCard(first.id);
    return first !== undefined;
  }
  let { lane } = place;
  do lane += across;
  while (across !== 0 && lanes[lane]?.cards.length === 0);
  const cards = lanes[lane]?.cards;
  const next = cards?.[Math.max(0, Math.min(place.at + down, cards.length - 1))];
  if (next !== undefined) focusCard(next.id);
  return true;
}

function pickUp(id: string, lanes: readonly Lane[]): void {
  const column = lanes[placeOf(lanes, id)?.lane ?? 0]?.column;
  if (column === undefined) return;
  dragged.set({ id, over: column.id, by: "keys" });
  announcement.set(
    `${id} picked up in ${column.name}. Left and right choose a column, space puts it down, escape puts it back.`,
  );
}

function pressWhileDragging(key: string, id: string, over: string, lanes: readonly Lane[]): boolean {
  const at = lanes.findIndex(({ column }) => column.id === over);
  const step = STEPS[key]?.[0] ?? 0;
  if (step !== 0) {
    const next = lanes[Math.max(0, Math.min(at + step, lanes.length - 1))]?.column;
    if (next === undefined) return true;
    dragged.set({ id, over: next.id, by: "keys" });
    announcement.set(`over ${next.name}`);
    document.querySelector(`[data-column="${CSS.escape(next.id)}"]`)?.scrollIntoView({ inline: "nearest" });
    return true;
  }
  if (key === " " || key === "Enter") {
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
  return ["ArrowUp", "ArrowDown", "j", "k"].includes(key);
}
