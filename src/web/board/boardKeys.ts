import { runVerb } from "../data/commands.ts";
import { changeMany } from "../data/many/changeMany.ts";
import { model } from "../data/model.ts";
import { type Card, isFinished } from "../data/shapes.ts";
import { cardAt } from "../page/cardAt.ts";
import { pickByKey } from "../page/pick.ts";
import { navigate, ticketHref } from "../page/router.ts";
import { say, wordFor } from "../words/say.ts";
import { toggleFolded } from "./fold.ts";
import { CARD_HEIGHT, cardAfter, type Lane, placeOf } from "./lanes.ts";
import { announcement, dragged, focusCard, focused } from "./move/drag.ts";
import { stays, stepCard } from "./move/drop.ts";
import { pickUp, pressWhileDragging } from "./move/keyDrag.ts";
import { besideBoard, closeBeside, openBeside, toggleList } from "./panel.ts";
import { chooseAll, chooseNone, chooseTo, selection, toggleCard } from "./selection.ts";
import { closeAll } from "./selectionBar.tsx";

/** How many columns, and how many cards. */
type Step = readonly [lanes: number, cards: number];

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  k: [0, -1],
  j: [0, 1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** What a key does on the board; true where it did something. Only the card that has the keyboard is acted on. */
export function pressOnBoard({ key, target, shiftKey }: KeyboardEvent, lanes: readonly Lane[]): boolean {
  if (dragged.get()?.by === "keys") return pressWhileDragging(key, lanes);
  const at = target instanceof Element ? target : document.body;
  const id = cardAt(at);
  const place = placeOf(lanes, id || focused.get().id);
  const step = stepOf(key);
  if (step !== undefined) return takesSteps(at, key) && walk(lanes, place, step, shiftKey);
  if (key === "Escape") return leaveOne();
  if (key === "v") return toggleList();
  if (selection.get().ids.size > 0 && pressOnChosen(key, id)) return true;
  const card = id === "" || place === undefined ? undefined : lanes[place.lane]?.cards[place.at];
  if (card !== undefined && key === " " && shiftKey) toggleCard(id);
  else return card !== undefined && pressOnCard(key, card, lanes);
  return true;
}

/** What a key does together with Alt or Ctrl; true where it did something. */
export function pressChord(event: KeyboardEvent, lanes: readonly Lane[], sort: string): boolean {
  const { key, target, repeat, altKey } = event;
  if (!altKey && key.toLowerCase() === "a" && !event.shiftKey) {
    // A ticket beside the board is a text to select.
    if (target instanceof Element && target.closest(".beside") !== null) return false;
    chooseAll(lanes);
    return true;
  }
  if (!altKey || (key !== "ArrowUp" && key !== "ArrowDown")) return false;
  const id = cardAt(target);
  if (id === "" || dragged.get() !== undefined) return false;
  if (sort !== "") return stays(say.board.sortedStay(wordFor(sort.replace("-", ""), say.fields)));
  return repeat || stepCard(id, key === "ArrowUp" ? -1 : 1, lanes);
}

/** What a key does to all that are chosen; true where it did something. */
function pressOnChosen(key: string, at: string): boolean {
  const ids = [...selection.get().ids];
  if (key === "s") void changeMany(ids, { op: "start" }, say.did.started);
  else if (key === "x") void closeAll(ids);
  else return pickByKey(key, ids, at === "" ? undefined : cardElement(at));
  return true;
}

/** Escape takes back one thing: what is chosen, then what is open. */
function leaveOne(): boolean {
  if (selection.get().ids.size === 0) return besideBoard() !== "" && leaveBeside();
  chooseNone();
  return true;
}

function pressOnCard(key: string, card: Card, lanes: readonly Lane[]): boolean {
  const { id } = card;
  const todo = {
    " ": () => {
      if (besideBoard() === id) return leaveBeside();
      openBeside(id);
      // The keyboard stays on the card: who sees nothing is told.
      announcement.set(say.board.isBeside(id));
    },
    Enter: () => navigate(ticketHref(id)),
    d: () => pickUp(id, lanes),
    f: () => foldColumn(card.status),
  }[key];
  const verb = { s: isFinished(card) ? "reopen" : "start", x: isFinished(card) ? "reopen" : "close" }[key];
  if (todo !== undefined) todo();
  else if (verb !== undefined) void runVerb(id, verb);
  else return pickByKey(key, [id], cardElement(id));
  return true;
}

/** Collapses a column; the keyboard is on its name then, which opens it again. */
function foldColumn(column: string): void {
  const known = model.get();
  if (known === undefined || "code" in known) return;
  toggleFolded(known.config.dir, `column:${column}`);
  setTimeout(() => document.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"] .fold`)?.focus());
}

function cardElement(id: string): Element | null {
  return document.querySelector(`.board [data-card="${CSS.escape(id)}"]`);
}

/** Closes the ticket beside the board; its card has the keyboard then. */
export function leaveBeside(): true {
  focusCard(besideBoard());
  closeBeside();
  return true;
}

/** Shows the next ticket beside the board, or the one before; the keyboard stays where it is. */
export function walkBeside(lanes: readonly Lane[], step: 1 | -1): void {
  const next = cardAfter(lanes, placeOf(lanes, besideBoard()), [0, step]);
  if (next === undefined) return;
  focused.set({ id: next.id, wanted: false });
  openBeside(next.id);
}

/** Arrows in a box choose there, and scroll a ticket that is beside the board; letters walk on from there, too. */
function takesSteps(at: Element, key: string): boolean {
  return at.closest("input") === null && (key.length === 1 || at.closest(".beside") === null);
}

function stepOf(key: string): Step | undefined {
  const way = { PageUp: -1, PageDown: 1 }[key];
  if (way === undefined) return STEPS[key];
  const height = document.querySelector(".cards")?.clientHeight ?? 0;
  return [0, way * Math.max(1, Math.floor(height / CARD_HEIGHT) - 1)];
}

function walk(lanes: readonly Lane[], place: ReturnType<typeof placeOf>, step: Step, isChoosing: boolean): boolean {
  const next = cardAfter(lanes, place, step);
  if (next !== undefined && isChoosing && step[0] === 0) chooseTo(next.id, focused.get().id, lanes);
  if (next !== undefined) focusCard(next.id);
  if (next !== undefined && besideBoard() !== "") openBeside(next.id);
  return place !== undefined || next !== undefined;
}
