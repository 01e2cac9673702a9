import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Layout } from "./layout.ts";

/** How high a row is, in CSS pixels; `.log-row` in agents.css is as high. */
export const ROW = 20;
/** So many rows above and below what is seen are drawn too. */
const OVERSCAN = 12;

/** What of a log is seen. */
interface Seen {
  readonly top: number;
  readonly height: number;
}

/** How many letters the text has by which a letter is measured. */
export const PROBE = 20;

/** How many letters a row of a box has, by a text in it. */
export function useColumns(
  box: { readonly current: HTMLElement | null },
  probe: { readonly current: HTMLElement | null },
) {
  const [columns, setColumns] = useState(100);
  useLayoutEffect(() => {
    const measure = (): void => {
      const letter = (probe.current?.getBoundingClientRect().width ?? 0) / PROBE;
      const width = box.current?.clientWidth ?? 0;
      if (letter > 0 && width > 0) setColumns(Math.max(10, Math.floor((width - GUTTER) / letter) - TIME));
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return columns;
}

/** What a row has at its sides in CSS pixels, and before its text in letters. */
const GUTTER = 24;
const TIME = 9;

/**
 * The rows that are drawn, and where the box stands: at the end as long as it is followed, else at the line that was seen
 * first, whatever comes before or behind it. `first` is the number of the first line.
 */
export function useRows(box: { readonly current: HTMLElement | null }, layout: Layout, first: number, version: number) {
  const [seen, setSeen] = useState<Seen>({ top: 0, height: 600 });
  const [isFollowing, setFollowing] = useState(true);
  const follows = useRef(true);
  /** The line that is seen first, by its number, and how far its rows have gone by, in CSS pixels. */
  const anchor = useRef({ line: 0, by: 0 });
  const follow = (is: boolean): void => {
    follows.current = is;
    setFollowing(is);
  };
  const measure = (): void => {
    const { scrollTop = 0, clientHeight = 600 } = box.current ?? {};
    const line = layout.lineAt(Math.floor(scrollTop / ROW));
    anchor.current = { line: first + line, by: scrollTop - layout.rowOf(line) * ROW };
    setSeen((old) =>
      old.top === scrollTop && old.height === clientHeight ? old : { top: scrollTop, height: clientHeight },
    );
  };
  const onScroll = (): void => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = box.current ?? {};
    follow(scrollTop + clientHeight >= scrollHeight - ROW);
    measure();
  };
  useLayoutEffect(() => {
    const at = box.current;
    if (at === null) return;
    const { line, by } = anchor.current;
    const top = follows.current ? at.scrollHeight : layout.rowOf(line - first) * ROW + by;
    if (Math.abs(at.scrollTop - top) > 1) at.scrollTop = top;
    measure();
  }, [layout, version]);
  const show = (line: number, row = 0): void => {
    const at = box.current;
    if (at === null) return;
    follow(false);
    at.scrollTop = Math.max(0, (layout.rowOf(line - first) + row) * ROW - at.clientHeight / 2);
    measure();
  };
  const begin = Math.max(0, Math.floor(seen.top / ROW) - OVERSCAN);
  const end = Math.min(layout.rows, Math.ceil((seen.top + seen.height) / ROW) + OVERSCAN);
  return { begin, end, isFollowing, follow, onScroll, show, topLine: anchor.current.line };
}
