import { useLayoutEffect, useState } from "preact/hooks";
import { type Line, putAway, refreshInbox } from "../data/inbox.ts";
import { inLine } from "./inboxKeys.ts";
import type { Acts } from "./lineView.tsx";
import { goPast } from "./walk.ts";

/** What can be done with lines; those that are being settled are passed at once, and come back where that is refused. */
export function useActs(box: { readonly current: HTMLDivElement | null }) {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [snoozing, setSnoozing] = useState("");
  const [, setCount] = useState(0);
  useLayoutEffect(() => {
    if (snoozing !== "") inLine(box.current, snoozing, ".snoozes button")?.focus();
  }, [snoozing]);
  const pass = (key: string): void => {
    goPast(box.current, key);
    setBusy((keys) => new Set([...keys, key]));
  };
  const settle = async ({ key }: Line, run: () => Promise<boolean>, asks: boolean): Promise<void> => {
    if (!asks) pass(key);
    const isDone = await run();
    if (asks && isDone) pass(key);
    await refreshInbox();
    setBusy((keys) => new Set([...keys].filter((one) => one !== key)));
  };
  const acts: Acts = {
    settle: (line, { run, asks }) => void settle(line, run, asks),
    done: (line) => void settle(line, () => putAway(line), false),
    snooze: (line, until) => {
      setSnoozing("");
      void settle(line, () => putAway(line, until), false);
    },
    offerSnooze: setSnoozing,
    redraw: () => setCount((count) => count + 1),
  };
  return { busy, snoozing, acts };
}
