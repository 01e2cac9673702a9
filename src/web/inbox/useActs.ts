import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { putAway, refreshInbox } from "../data/inbox.ts";
import type { Line } from "../data/shapes.ts";
import { type PickKind, pick } from "../page/pick.ts";
import { inLine } from "./inboxKeys.ts";
import type { Acts } from "./lineView.tsx";
import { goPast } from "./walk.ts";

/** What can be done with lines; those that are being settled are passed at once, and come back where that is refused. */
export function useActs(box: { readonly current: HTMLDivElement | null }) {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [snoozing, setSnoozing] = useState("");
  const [, setCount] = useState(0);
  /** Lines that were acted on here: they leave at once, those that others settled stay for who reads. */
  const own = useRef(new Set<string>());
  /** Something was done: what others settled leaves with the next drawing. */
  const isSwept = useRef(false);
  useLayoutEffect(() => {
    if (snoozing !== "") inLine(box.current, snoozing, ".snoozes button")?.focus();
  }, [snoozing]);
  const pass = (key: string): void => {
    own.current.add(key);
    isSwept.current = true;
    goPast(box.current, key);
    setBusy((keys) => new Set([...keys, key]));
  };
  const settle = async ({ key }: Line, run: () => Promise<boolean>, asks: boolean): Promise<void> => {
    if (!asks) pass(key);
    const isDone = await run();
    if (asks && isDone) pass(key);
    await refreshInbox();
    if (!isDone) own.current.delete(key);
    setBusy((keys) => new Set([...keys].filter((one) => one !== key)));
  };
  const list = ({ key, id }: Line, kind: PickKind): true => {
    own.current.add(key);
    pick(kind, [id], inLine(box.current, key, "[data-list]") ?? inLine(box.current, key, "[data-stop]"));
    return true;
  };
  const acts: Acts = {
    settle: (line, todo) => {
      if (todo.list !== undefined) list(line, todo.list);
      else void settle(line, todo.run, todo.asks);
    },
    list,
    done: (line) => void settle(line, () => putAway(line), false),
    snooze: (line, until) => {
      setSnoozing("");
      void settle(line, () => putAway(line, until), false);
    },
    offerSnooze: setSnoozing,
    redraw: () => setCount((count) => count + 1),
  };
  return { busy, snoozing, acts, own: own.current, isSwept };
}
