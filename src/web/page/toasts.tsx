import type { JSX } from "preact";
import { say } from "../words/say.ts";
import { state, useValue } from "./state.ts";

/** A word in passing. */
export interface Toast {
  readonly text: string;
  readonly kind: "done" | "note" | "error";
  readonly href?: string;
  readonly undo?: () => void;
}

const toasts = state<readonly (Toast & { readonly key: number })[]>([]);
let nextKey = 0;
/** How long words stay, in milliseconds; errors stay longer. */
const STAY = { done: 6_000, note: 8_000, error: 15_000 };

/** Says something at the edge of the page, and to screen readers. */
export function toast(said: Toast): void {
  const key = nextKey++;
  toasts.set([...toasts.get().slice(-3), { ...said, key }]);
  setTimeout(() => dismiss(key), STAY[said.kind]);
}

function dismiss(key: number): void {
  toasts.set(toasts.get().filter((one) => one.key !== key));
}

/** What was said of late. */
export function Toasts(): JSX.Element {
  const shown = useValue(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map(({ key, text, kind, href, undo }) => (
        <div key={key} class={`toast ${kind}`}>
          <span dir="auto">{href === undefined ? text : <a href={href}>{text}</a>}</span>
          {undo === undefined ? null : (
            <button
              type="button"
              onClick={() => {
                dismiss(key);
                undo();
              }}
            >
              {say.undo}
            </button>
          )}
          <button type="button" class="quiet" aria-label={say.page.dismiss} onClick={() => dismiss(key)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
