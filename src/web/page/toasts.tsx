import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../words/say.ts";
import { dialog, useKeys } from "./keys.ts";
import { state, useValue } from "./state.ts";

/** A word in passing. */
export interface Toast {
  readonly text: string;
  readonly kind: "done" | "note" | "error";
  readonly href?: string;
  readonly undo?: (() => void) | undefined;
  /** Does once more what failed. */
  readonly again?: (() => void) | undefined;
  /** What was tried: an error goes once that is done. */
  readonly about?: string | undefined;
}

const toasts = state<readonly (Toast & { readonly key: number })[]>([]);
let nextKey = 0;
/** How long words stay, in milliseconds; errors stay longer. */
const STAY = { done: 6_000, note: 8_000, error: 15_000 };

/** Says something at the edge of the page, and to screen readers; what is said already is not said twice. */
export function toast(said: Toast): void {
  const key = nextKey++;
  const { text, about } = said;
  const others = toasts
    .get()
    .filter((one) => one.text !== text && (one.kind !== "error" || about === undefined || one.about !== about));
  toasts.set([...others.slice(-3), { ...said, key }]);
  setTimeout(() => dismiss(key), STAY[said.kind]);
}

function dismiss(key: number): void {
  toasts.set(toasts.get().filter((one) => one.key !== key));
}

/** Escape takes the newest error away. */
function pressEscape({ key }: KeyboardEvent): boolean {
  const last = toasts.get().findLast(({ kind }) => kind === "error");
  if (key !== "Escape" || last === undefined) return false;
  dismiss(last.key);
  return true;
}

/** What was said of late. */
export function Toasts(): JSX.Element {
  const shown = useValue(toasts);
  const box = useRef<HTMLDivElement>(null);
  useKeys(pressEscape);
  useLayoutEffect(() => {
    // What is said stands above a dialog that was opened since.
    if (shown.length > 0 && dialog.get() !== "") box.current?.hidePopover();
    box.current?.togglePopover(true);
  }, [shown]);
  return (
    <div class="toasts" popover="manual" role="status" aria-live="polite" ref={box}>
      {shown.map(({ key, text, kind, href, undo, again }) => (
        <div key={key} class={`toast ${kind}`}>
          <span dir="auto">{href === undefined ? text : <a href={href}>{text}</a>}</span>
          {[undo, again].map((run, n) =>
            run === undefined ? null : (
              <button
                key={n}
                type="button"
                onClick={() => {
                  dismiss(key);
                  run();
                }}
              >
                {run === undo ? say.undo : say.tryAgain}
              </button>
            ),
          )}
          <button
            type="button"
            class="quiet"
            aria-label={say.page.dismiss}
            title={kind === "error" ? say.keyNames.Esc : undefined}
            onClick={() => dismiss(key)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
