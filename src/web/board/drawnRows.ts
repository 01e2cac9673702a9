import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useValue } from "../page/state.ts";
import { useKeptScroll } from "./keptPlace.ts";
import { CARD_HEIGHT, type Lane, type Row } from "./lanes.ts";
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
  const rowOf = (id: string): Row | undefined => cardRow([lane], id);
  useCardFocus(box, { rowOf, height, head: 0 }, measure);
  return { box, onScroll: measure, rows: drawnRows(lane.rows, height, viewport, [stop.id, drag?.id]) };
}

/** The same for columns that are cut into rows and scroll as one: which rows of a column, and which bands, are near. */
export function useBoardRows(box: { readonly current: HTMLDivElement | null }, lanes: readonly Lane[]) {
  const [viewport, setViewport] = useState({ top: 0, height: 800, head: 0 });
  const stop = useValue(focused);
  const drag = useValue(dragged);
  const keepLeft = useKeptScroll(box, "", "Left");
  const keepTop = useKeptScroll(box, "banded", "Top");
  const measure = (): void => {
    keepLeft();
    keepTop();
    const { scrollTop = 0, clientHeight = 800 } = box.current ?? {};
    const head = box.current?.querySelector(".lane > header")?.clientHeight ?? 0;
    setViewport((old) =>
      old.top === scrollTop && old.height === clientHeight && old.head === head
        ? old
        : { top: scrollTop, height: clientHeight, head },
    );
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const rowOf = (id: string): Row | undefined => cardRow(lanes, id);
  useCardFocus(box, { rowOf, height: CARD_HEIGHT, head: viewport.head }, measure);
  return {
    onScroll: measure,
    rowsOf: (lane: Lane) => drawnRows(lane.rows, CARD_HEIGHT, viewport, [stop.id, drag?.id]),
    isSeen: ({ top, height }: { readonly top: number; readonly height: number }) =>
      top + height > viewport.top - OVERSCAN && top < viewport.top + viewport.height + OVERSCAN,
  };
}

function cardRow(lanes: readonly Lane[], id: string): Row | undefined {
  for (const { rows } of lanes) {
    const row = rows.find((one) => one.kind === "card" && one.card.id === id);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** Scrolls to the card that is to have the focus, and gives it; `head` is how much is covered above it. */
function useCardFocus(
  box: { readonly current: HTMLDivElement | null },
  {
    rowOf,
    height,
    head,
  }: { readonly rowOf: (id: string) => Row | undefined; readonly height: number; readonly head: number },
  measure: () => void,
): void {
  const { id, wanted } = useValue(focused);
  useLayoutEffect(() => {
    if (!wanted || box.current === null) return;
    const row = rowOf(id);
    if (row === undefined) return;
    const { scrollTop, clientHeight } = box.current;
    if (row.top < scrollTop) box.current.scrollTop = row.top;
    else if (row.top + height + head > scrollTop + clientHeight)
      box.current.scrollTop = row.top + height + head - clientHeight;
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
