import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { model } from "./data/model.ts";
import { dialog } from "./page/keys.ts";
import { toast } from "./page/toasts.tsx";
import { say, withWords } from "./words/say.ts";

/** So long after the tickets came what opens above them is fetched, where the browser does not say that it is idle. In milliseconds. */
const SOON = 400;

/** Does something once the tickets are there and the browser has nothing better to do. */
export function afterFirst(work: () => void): void {
  const soon = (): void => {
    if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 5 * SOON });
    else setTimeout(work, SOON);
  };
  const stop = model.follow(begin);
  function begin(): void {
    stop();
    soon();
  }
  if (model.get() !== undefined) begin();
}

/** A dialog whose code comes after the first view; where that cannot be had the dialog closes, and says so. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element | null {
  let Found: ComponentType<P> | undefined;
  const fetch = async (): Promise<void> => {
    Found ??= await withWords(load());
  };
  // A failure is told of to whoever opens it.
  afterFirst(() => void fetch().catch(() => {}));
  return (props) => {
    const [, redraw] = useState(0);
    const Drawn = Found;
    useEffect(() => {
      // It may have come between the drawing and this effect.
      if (Drawn !== undefined) return;
      fetch().then(
        () => redraw((count) => count + 1),
        () => {
          dialog.set("");
          toast({ text: say.page.listMissing, kind: "error" });
        },
      );
    }, []);
    return Drawn === undefined ? null : <Drawn {...props} />;
  };
}
