import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ShownLine } from "./typed.ts";
import { goTo, lineAt, placeOf, stopOf, stopsIn } from "./walk.ts";

/** Keeps the keyboard in the list while lines come and go. */
export function useFocus(box: { readonly current: HTMLDivElement | null }, shown: readonly ShownLine[]) {
  const last = useRef<string | undefined>(undefined);
  /** The place among the stops that is to have it, once there is one. */
  const goal = useRef<number | undefined>(undefined);
  // What has it now may not survive this drawing.
  const at = placeOfFocus(box.current);
  useLayoutEffect(() => {
    const active = document.activeElement;
    // It was settled by somebody else: its buttons go, the line stays.
    if (active?.closest(".acts[inert]") != null) goTo(stopOf(active));
    const key = lineAt(document.activeElement);
    if (key !== undefined) last.current = key;
    const stops = stopsIn(box.current);
    if (goal.current !== undefined && goal.current < shown.length) {
      goTo(stops[goal.current]);
      goal.current = undefined;
    } else if (at !== undefined && document.activeElement === document.body) {
      goTo(stops[Math.max(0, Math.min(at, shown.length - 1, stops.length - 1))]);
    }
  });
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      last.current = lineAt(target) ?? last.current;
    };
    const list = box.current;
    list?.addEventListener("focusin", note);
    return () => list?.removeEventListener("focusin", note);
  }, []);
  return {
    last,
    keepFor: (place: number): void => {
      goal.current = place;
    },
  };
}

/** Which line has the keyboard, or the last one for what is below them; undefined where it is elsewhere. */
function placeOfFocus(box: Element | null): number | undefined {
  const active = document.activeElement;
  if (box?.contains(active) !== true) return undefined;
  const line = lineAt(active);
  const stops = stopsIn(box);
  return line === undefined ? stops.length - 1 : placeOf(stops, line);
}

/** Gives the keyboard to a line that the address names, once. */
export function useNamed(box: { readonly current: HTMLDivElement | null }, key: string): void {
  const given = useRef("");
  useLayoutEffect(() => {
    const stop = stopsIn(box.current).find((one) => lineAt(one) === key);
    if (key === "" || given.current === key || stop === undefined) return;
    given.current = key;
    goTo(stop);
  });
}
