import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useValue } from "../page/state.ts";
import { useKeptScroll } from "./keptPlace.ts";
import type { Lane, Row } from "./lanes.ts";
import { dragged, focused } from "./move/drag.ts";

/** So much above and below what is seen is drawn too, in CSS pixels. */
const OVERSCAN = 400;

/**
 * The rows of a column, or of the list, that are in the page, in a box that scrolls; `height` is a row's. It scrolls to the
 * card that is to have the keyboard, and gives it.
 */
export function useDrawnRows(lane: Lane, height: number) {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState({ top: 0, height: 800 });
  const stop = useValue(focused);
  const drag = useValue(dragged);
  const keepScroll = useKeptScroll(box, lane.column.id, "Top");
  const measure = (): void => {
    keepScroll();
    const { scrollTop = 0, clientHeight = 800 } = box.current ?? {};
    setViewport((old) =>
      old.top === scrollTop && old.height === clientHeight ? old : { top: scrollTop, height: clientHeight },
    );
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useCardFocus(box, lane, height, measure);
  return { box, onScroll: measure, rows: drawnRows(lane.rows, height, viewport, [stop.id, drag?.id]) };
}

/** Scrolls to the card that is to have the focus, and gives it. */
function useCardFocus(
  box: { readonly current: HTMLDivElement | null },
  lane: Lane,
  height: number,
  measure: () => void,
): void {
  const { id, wanted } = useValue(focused);
  useLayoutEffect(() => {
    if (!wanted || box.current === null) return;
    const row = lane.rows.find((one) => one.kind === "card" && one.card.id === id);
    if (row === undefined) return;
    const { scrollTop, clientHeight } = box.current;
    if (row.top < scrollTop) box.current.scrollTop = row.top;
    else if (row.top + height > scrollTop + clientHeight) box.current.scrollTop = row.top + height - clientHeight;
    measure();
    const card = box.current.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
    // Not drawn yet: the drawing that follows the scrolling comes here again.
    if (card === null) return;
    // Who types elsewhere meanwhile goes on typing.
    if (document.activeElement?.matches("input:not([type=checkbox]), textarea, select"))
      return focused.set({ id, wanted: false });
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** The rows near what is seen, and those that must not go: the card with the keyboard, and one that is being moved. */
function drawnRows(
  rows: readonly Row[],
  rowHeight: number,
  { top, height }: { readonly top: number; readonly height: number },
  kept: readonly (string | undefined)[],
): readonly Row[] {
  const from = firstAfter(rows, rowHeight, top - OVERSCAN);
  const to = firstAfter(rows, rowHeight, top + height + OVERSCAN);
  const isKept = (row: Row): boolean => row.kind === "card" && kept.includes(row.card.id);
  return [...rows.slice(0, from).filter(isKept), ...rows.slice(from, to), ...rows.slice(to).filter(isKept)];
}

/** The first row that reaches below a height. */
function firstAfter(rows: readonly Row[], rowHeight: number, height: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.top ?? 0) + rowHeight > height) high = middle;
    else low = middle + 1;
  }
  return low;
}
