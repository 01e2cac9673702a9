import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../words/say.ts";

/** What can be done with an agent's work; undefined where it cannot now. */
export interface Acts {
  readonly message: (() => void) | undefined;
  readonly stop: (() => void) | undefined;
  readonly retry: (() => void) | undefined;
  readonly assign: (() => void) | undefined;
}

/** The buttons for that, with their keys. */
export function Buttons({ acts, open }: { readonly acts: Acts; readonly open: string }): JSX.Element {
  const { message, stop, retry, assign } = acts;
  return (
    <div class="buttons">
      <button
        type="button"
        aria-keyshortcuts="n"
        aria-expanded={open === "message"}
        disabled={!message}
        onClick={message}
      >
        {say.agents.message}
      </button>
      {stop === undefined ? null : (
        <button type="button" aria-keyshortcuts="x" aria-expanded={open === "stop"} onClick={stop}>
          {say.agents.stop}
        </button>
      )}
      {retry === undefined ? null : (
        <button type="button" aria-keyshortcuts="r" onClick={retry}>
          {say.agents.retry}
        </button>
      )}
      <button type="button" aria-keyshortcuts="a" data-assign disabled={!assign} onClick={assign}>
        {say.agents.assign}
      </button>
    </div>
  );
}

/** The question before a program is ended: that cannot be taken back. */
export function Stop({ stop, leave }: { readonly stop: () => void; readonly leave: () => void }): JSX.Element {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    first.current?.focus();
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  return (
    <div
      class="sure"
      role="alertdialog"
      aria-label={say.agents.sure}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      }}
    >
      <p>{say.agents.sure}</p>
      <button type="button" class="main" ref={first} onClick={stop}>
        {say.agents.stopNow}
      </button>{" "}
      <button type="button" class="quiet" onClick={leave}>
        {say.cancel}
      </button>
    </div>
  );
}
