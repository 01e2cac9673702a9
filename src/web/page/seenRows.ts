import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useKeys } from "./keys.ts";

/** So much above and below what is seen is drawn too, in CSS pixels. */
const OVERSCAN = 300;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 12, PageUp: -12 };

/** The rows of a long list that are near what is seen. */
export interface SeenRows {
  readonly box: RefObject<HTMLDivElement | null>;
  /** The first that is drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The first that is seen, if only in part. */
  readonly top: number;
  /** The row that Tab comes to. */
  readonly at: number;
  readonly left: number;
  readonly width: number;
  readonly onScroll: () => void;
  /** A row got the keyboard. */
  readonly put: (row: number) => void;
}

/**
 * Draws of `count` rows of one height only those that are seen, in a box that scrolls, and walks on them by arrows, j and k:
 * the element `data-row` of a row gets the keyboard. `head` is how much of the box is covered above; rows for which
 * `isPassed` are passed over.
 */
export function useSeenRows(
  count: number,
  { height, head = 0, isPassed = () => false }: { height: number; head?: number; isPassed?: (row: number) => boolean },
): SeenRows {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, left: 0, height: 800, width: 1200 });
  const [at, setAt] = useState(0);
  const isWanted = useRef(false);
  const onScroll = (): void => {
    const {
      scrollTop: top = 0,
      scrollLeft: left = 0,
      clientHeight = 800,
      clientWidth: width = 1200,
    } = box.current ?? {};
    setSeen((old) =>
      old.top === top && old.left === left && old.height === clientHeight && old.width === width
        ? old
        : { top, left, height: clientHeight, width },
    );
  };
  useLayoutEffect(onScroll, []);
  useEffect(() => {
    const observer = new ResizeObserver(onScroll);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const current = nearest(Math.min(at, count - 1), 1, count, isPassed);
  const go = (row: number, step: number): void => {
    const next = nearest(Math.max(0, Math.min(row, count - 1)), step, count, isPassed);
    setAt(next);
    const { current: shown } = box;
    if (shown === null) return;
    const top = next * height;
    if (top < shown.scrollTop) shown.scrollTop = top;
    else if (top + height + head > shown.scrollTop + shown.clientHeight)
      shown.scrollTop = top + height + head - shown.clientHeight;
    onScroll();
    // What is not drawn yet gets it once it is.
    isWanted.current = !giveFocus(shown, next);
  };
  useKeys(({ key }) => {
    if (count === 0) return false;
    const isOn = box.current?.contains(document.activeElement) === true;
    const step = STEPS[key];
    if (step !== undefined) go(isOn ? current + step : current, Math.sign(step));
    else if (key === "Home" && isOn) go(0, 1);
    else if (key === "End" && isOn) go(count - 1, -1);
    else return false;
    return true;
  });
  useLayoutEffect(() => {
    if (isWanted.current && box.current !== null) isWanted.current = !giveFocus(box.current, current);
  });
  return {
    box,
    from: Math.max(0, Math.floor((seen.top - OVERSCAN) / height)),
    to: Math.min(count, Math.ceil((seen.top + seen.height + OVERSCAN) / height)),
    top: Math.floor(seen.top / height),
    at: current,
    left: seen.left,
    width: seen.width,
    onScroll,
    put: setAt,
  };
}

function giveFocus(box: HTMLElement, row: number): boolean {
  const found = box.querySelector<HTMLElement>(`[data-row="${row}"]`);
  found?.focus({ preventScroll: true });
  return found !== null;
}

/** The next row that is not passed over, that way or else the other. */
function nearest(row: number, step: number, count: number, isPassed: (row: number) => boolean): number {
  for (const way of [step < 0 ? -1 : 1, step < 0 ? 1 : -1])
    for (let next = row; next >= 0 && next < count; next += way) if (!isPassed(next)) return next;
  return Math.max(0, row);
}
