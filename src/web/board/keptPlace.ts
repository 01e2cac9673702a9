import { useLayoutEffect, useRef } from "preact/hooks";
import { cardAt } from "../page/cardAt.ts";
import { route } from "../page/router.ts";
import { type Lane, placeOf } from "./lanes.ts";
import { focused } from "./move/drag.ts";

/** How far the board and its columns were scrolled, by store and column: who comes back finds them so. */
const scrolled = new Map<string, number>();

/** Keeps how far a box is scrolled while its view is left; `axis` is the way it scrolls. */
export function useKeptScroll(box: { readonly current: HTMLElement | null }, name: string, axis: "Left" | "Top") {
  const key = `${route.get().workflow}/${name}`;
  useLayoutEffect(() => {
    const kept = scrolled.get(key);
    if (kept !== undefined && box.current !== null) box.current[`scroll${axis}`] = kept;
  }, []);
  return (): void => {
    // What is told of a box that is gone is not its place.
    if (box.current !== null) scrolled.set(key, box.current[`scroll${axis}`]);
  };
}

/**
 * Keeps the keyboard on the board while cards come, go and change places: a card that moved keeps it, one that left gives
 * it to its neighbour. Who comes back to the board is on the card that had it.
 */
export function useKeptFocus(lanes: readonly Lane[]): void {
  const place = useRef<ReturnType<typeof placeOf>>(undefined);
  const isFirst = useRef(true);
  // What has it now may not survive this drawing.
  const had = isFirst.current ? focused.get().id : cardAt(document.activeElement);
  useLayoutEffect(() => {
    const { id } = focused.get();
    const now = placeOf(lanes, id);
    if (had !== "" && document.activeElement === document.body) {
      const { lane = 0, at = 0 } = place.current ?? {};
      const cards = lanes[lane]?.cards ?? [];
      const next = now === undefined ? cards[Math.min(at, cards.length - 1)]?.id : id;
      if (next !== undefined) focused.set({ id: next, wanted: true });
    }
    place.current = placeOf(lanes, focused.get().id) ?? place.current;
    isFirst.current = false;
  });
}
