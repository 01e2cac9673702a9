import { useLayoutEffect, useRef } from "preact/hooks";
import type { ShownLine } from "./typed.ts";

/** Whether somebody reads in the list: the pointer is over it, or the keyboard in it. */
export function isRead(box: Element | null): boolean {
  return box !== null && (box.matches(":hover") || box.contains(document.activeElement));
}

/** Keeps the line that is read where it is on the screen when others' lines come or go above it. */
export function useStill(
  box: { readonly current: HTMLElement | null },
  shown: readonly ShownLine[],
  isOwnAct: boolean,
): void {
  const line = isOwnAct ? undefined : lineRead(box.current);
  const before = line?.getBoundingClientRect().top;
  const keys = shown.map(({ line: { key } }) => key).join("\n");
  const known = useRef<ReadonlySet<Element>>(new Set());
  useLayoutEffect(() => {
    const list = box.current;
    const scroller = list?.closest("main");
    if (list == null || scroller == null) return;
    if (isOwnAct) list.style.paddingBottom = "";
    const all = [...list.querySelectorAll<HTMLElement>("li")];
    const fresh = line === undefined ? [] : all.filter((one) => !known.current.has(one));
    known.current = new Set(all);
    // How high a line is that was not laid out yet is only a guess.
    for (const one of fresh) one.style.contentVisibility = "visible";
    if (line?.isConnected !== true || before === undefined) return;
    const moved = line.getBoundingClientRect().top - before;
    // A short list cannot be scrolled so far: it gets room below.
    if (moved > 0) list.style.paddingBottom = `${scroller.clientHeight}px`;
    scroller.scrollTop += moved;
  }, [keys]);
}

/** The line under the pointer, else that with the keyboard. */
function lineRead(box: Element | null): Element | undefined {
  return box?.querySelector("li:hover") ?? document.activeElement?.closest(".inbox li") ?? undefined;
}
