import { moveCard } from "../act.ts";
import type { Column } from "../shapes.ts";
import { state } from "../state.ts";

/** The card that is being moved, by pointer or by keys, and the column where it would come down. */
export interface Hand {
  readonly id: string;
  readonly over: string;
  readonly by: "keys" | "pointer";
}

/** Nothing, or what is in the hand. */
export const hand = state<Hand | undefined>(undefined);
/** Read out by screen readers while a card is moved by keys. */
export const spoken = state("");
/** The card that has the keyboard, or will have it once it is drawn. */
export const focused = state<{ readonly id: string; readonly wanted: boolean }>({ id: "", wanted: false });

/** A card that a pointer moved less than this was clicked, in CSS pixels. */
const SLACK = 5;
/** A finger that rests so long picks up; before that it scrolls. In milliseconds. */
const REST = 280;

/** Begins to watch a pointer that went down on a card: a drag if it moves, a click if not. */
export function beginDrag(down: PointerEvent, id: string, columns: readonly Column[]): void {
  if (down.button !== 0 || down.ctrlKey || down.metaKey || down.shiftKey) return;
  const card = (down.currentTarget as Element).closest<HTMLElement>("[data-card]");
  if (card === null) return;
  const drag = { id, card, columns, startX: down.clientX, startY: down.clientY };
  let ghost: HTMLElement | undefined;
  const lift = (): void => {
    ghost ??= liftGhost(drag);
  };
  const timer = down.pointerType === "touch" ? setTimeout(lift, REST) : undefined;
  const move = (event: PointerEvent): void => {
    const far = Math.hypot(event.clientX - drag.startX, event.clientY - drag.startY) > SLACK;
    if (ghost === undefined && far && timer !== undefined) {
      end();
      return;
    }
    if (ghost === undefined && far) lift();
    if (ghost !== undefined) follow(ghost, drag, event);
  };
  const up = (): void => {
    const target = hand.get()?.over;
    const wasLifted = ghost !== undefined;
    end();
    if (!wasLifted) return;
    swallowClick();
    const column = columns.find((one) => one.id === target);
    if (column !== undefined) void moveCard(id, column);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || ghost === undefined) return;
    event.preventDefault();
    end();
    swallowClick();
  };
  // While a card is lifted the finger must not scroll.
  const hold = (event: TouchEvent): void => {
    if (ghost !== undefined) event.preventDefault();
  };
  const ending = new AbortController();
  const end = (): void => {
    clearTimeout(timer);
    ending.abort();
    ghost?.remove();
    ghost = undefined;
    if (hand.get()?.by === "pointer") hand.set(undefined);
  };
  const { signal } = ending;
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", up, { signal });
  window.addEventListener("pointercancel", end, { signal });
  window.addEventListener("keydown", key, { signal, capture: true });
  window.addEventListener("touchmove", hold, { signal, passive: false });
}

interface Drag {
  readonly id: string;
  readonly card: HTMLElement;
  readonly startX: number;
  readonly startY: number;
}

function liftGhost({ id, card }: Drag): HTMLElement {
  const { left, top, width, height } = card.getBoundingClientRect();
  const ghost = card.cloneNode(true) as HTMLElement;
  ghost.removeAttribute("data-card");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("ghost");
  Object.assign(ghost.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  document.body.append(ghost);
  hand.set({ id, over: card.closest<HTMLElement>("[data-column]")?.dataset.column ?? "", by: "pointer" });
  return ghost;
}

function follow(ghost: HTMLElement, { id, startX, startY }: Drag, event: PointerEvent): void {
  ghost.style.transform = `translate(${event.clientX - startX}px, ${event.clientY - startY}px) rotate(1.5deg)`;
  const below = document.elementFromPoint(event.clientX, event.clientY);
  const over = below?.closest<HTMLElement>("[data-column]")?.dataset.column ?? "";
  if (hand.get()?.over !== over) hand.set({ id, over, by: "pointer" });
  const board = document.querySelector(".board");
  if (board === null) return;
  const { left, right } = board.getBoundingClientRect();
  if (event.clientX > right - 40) board.scrollLeft += 14;
  else if (event.clientX < left + 40) board.scrollLeft -= 14;
}

/** The click that a browser makes of a drag's end is none. */
function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
}
