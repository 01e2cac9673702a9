import { useEffect, useRef } from "preact/hooks";
import type { State } from "./state.ts";

/** Does something soon after one of the states has changed, or somebody has come back to the page; not while it is hidden. */
export function useFollowed(states: readonly Pick<State<unknown>, "follow">[], what: () => void, least: number): void {
  const latest = useRef(what);
  latest.current = what;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      if (document.hidden) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, least);
    };
    const ends = states.map(({ follow }) => follow(soon));
    window.addEventListener("focus", soon);
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
      window.removeEventListener("focus", soon);
    };
  }, []);
}
