import { state } from "../../page/state.ts";
import { FINGER_SPEED, type Point, scrollAtEdges } from "./edgeScroll.ts";
import { bandAt, isSameSpot, type Spot, spotAt } from "./spot.ts";

/** The card that is being moved, by pointer or by keys, and the column where it would come down. */
export interface Drag {
  readonly id: string;
  readonly over: string;
  readonly by: "keys" | "pointer";
  /** The neighbours between which it would come down; undefined where it has no place among others. */
  readonly spot?: Spot | undefined;
  /** The row across the columns where it would come down, where there are such. */
  readonly row?: string | undefined;
  /** In which columns the cards stood when they were picked up. */
  readonly from?: ReadonlyMap<string, string> | undefined;
}

/** The move that is under way, if there is one. */
export const dragged = state<Drag | undefined>(undefined);
/** Read out by screen readers while a card is moved by keys. */
export const announcement = state("");
/** The card that has the keyboard, or will have it once it is drawn. */
export const focused = state<{ readonly id: string; readonly wanted: boolean }>({ id: "", wanted: false });

/** Gives the keyboard to a card, which is scrolled to first. */
export function focusCard(id: string): void {
  focused.set({ id, wanted: true });
}

/** A card that a pointer moved less than this was clicked, in CSS pixels. */
const CLICK_DISTANCE = 5;
/** A finger that rests so long picks the card up; before that it scrolls. In milliseconds. */
const TOUCH_DELAY = 280;

/** What is done with a card that is dragged. */
export interface Dragging {
  /** The cards that are moved with it, itself among them. */
  readonly all: () => readonly string[];
  /** Whether cards have a place among others in a column. */
  readonly isOrdered: (column: string) => boolean;
  readonly drop: (drag: Drag) => void;
}

/** Begins to watch a pointer that went down on a card: a drag if it moves, a click if not. */
export function beginDrag(down: PointerEvent, id: string, { all, isOrdered, drop }: Dragging): void {
  if (down.button !== 0 || down.ctrlKey || down.metaKey || down.shiftKey) return;
  const card = (down.currentTarget as Element).closest<HTMLElement>("[data-card]");
  if (card === null) return;
  const pressed = { id, card, isOrdered, all: new Set(all()), startX: down.clientX, startY: down.clientY };
  let ghost: HTMLElement | undefined;
  let pointer = { x: down.clientX, y: down.clientY };
  let endScrolling = (): void => {};
  const lift = (): void => {
    if (ghost !== undefined) return;
    const lifted = liftGhost(pressed);
    ghost = lifted;
    endScrolling = scrollAtEdges(
      () => pointer,
      () => follow(lifted, pressed, pointer),
      down.pointerType === "touch" ? FINGER_SPEED : undefined,
    );
  };
  const touchTimer = down.pointerType === "touch" ? setTimeout(lift, TOUCH_DELAY) : undefined;
  const onMove = (event: PointerEvent): void => {
    pointer = { x: event.clientX, y: event.clientY };
    const isFar = Math.hypot(event.clientX - pressed.startX, event.clientY - pressed.startY) > CLICK_DISTANCE;
    if (ghost === undefined && isFar && touchTimer !== undefined) {
      end();
      return;
    }
    if (ghost === undefined && isFar) lift();
    if (ghost !== undefined) follow(ghost, pressed, pointer);
  };
  const onUp = (): void => {
    const drag = dragged.get();
    const wasLifted = ghost !== undefined;
    end();
    if (!wasLifted) return;
    preventClick();
    if (drag !== undefined) drop(drag);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || ghost === undefined) return;
    event.preventDefault();
    end();
    preventClick();
  };
  // While a card is lifted the finger must not scroll.
  const preventScroll = (event: TouchEvent): void => {
    if (ghost !== undefined) event.preventDefault();
  };
  const ending = new AbortController();
  const end = (): void => {
    clearTimeout(touchTimer);
    ending.abort();
    endScrolling();
    ghost?.remove();
    ghost = undefined;
    if (dragged.get()?.by === "pointer") dragged.set(undefined);
  };
  const { signal } = ending;
  window.addEventListener("pointermove", onMove, { signal });
  window.addEventListener("pointerup", onUp, { signal });
  window.addEventListener("pointercancel", end, { signal });
  window.addEventListener("keydown", onKey, { signal, capture: true });
  window.addEventListener("touchmove", preventScroll, { signal, passive: false });
  // A finger that rests would open the browser's menu of the link instead.
  if (touchTimer !== undefined) window.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
}

interface PressedCard {
  readonly id: string;
  readonly card: HTMLElement;
  readonly all: ReadonlySet<string>;
  readonly isOrdered: Dragging["isOrdered"];
  readonly startX: number;
  readonly startY: number;
}

function liftGhost({ id, card }: PressedCard): HTMLElement {
  const { left, top, width, height } = card.getBoundingClientRect();
  const ghost = card.cloneNode(true) as HTMLElement;
  ghost.removeAttribute("data-card");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("ghost");
  Object.assign(ghost.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  document.body.append(ghost);
  dragged.set({ id, over: card.closest<HTMLElement>("[data-column]")?.dataset.column ?? "", by: "pointer" });
  return ghost;
}

function follow(ghost: HTMLElement, { id, all, isOrdered, startX, startY }: PressedCard, { x, y }: Point): void {
  ghost.style.transform = `translate(${x - startX}px, ${y - startY}px) rotate(1.5deg)`;
  const under = document.elementsFromPoint(x, y).map((one) => one.closest<HTMLElement>("[data-column]"));
  const column = under.find((one) => one !== null) ?? undefined;
  const over = column?.dataset.column ?? "";
  const band = bandAt(y);
  const row = band?.dataset.band;
  const spot = column !== undefined && isOrdered(over) ? spotAt(column, y, all, band) : undefined;
  const before = dragged.get();
  if (before?.over === over && before.row === row && isSameSpot(before.spot, spot)) return;
  dragged.set({ id, over, by: "pointer", spot, row });
}

/** The click that a browser makes of a drag's end is none. */
function preventClick(): void {
  const prevent = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", prevent, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", prevent, { capture: true }), 50);
}
