import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Change, useChange } from "../page/drafts.ts";
import type { Saved } from "./save.ts";

interface Props {
  readonly label: string;
  readonly value: string;
  /** What stands where there is no value. */
  readonly hint: string;
  /** Under which name what is typed is remembered. */
  readonly name: string;
  /** What is typed goes together with what others make of the value meanwhile. */
  readonly merges?: true;
  /** Saves what was made of the value `was`. */
  readonly save: (text: string, was: string) => Promise<Saved>;
}

/**
 * A field that is saved when it is left, or with Enter. What is typed stays there until it is saved or given up with
 * Escape, whatever others make of the value meanwhile; that is told.
 */
export function Field({ label, value, hint, name, merges, save }: Props): JSX.Element {
  const { change, put, latest } = useChange(name);
  const [isHere, setHere] = useState(false);
  const isSaving = useRef(false);
  const note = `note-${label.replaceAll(" ", "-")}`;
  const isOverrun = change !== undefined && change.was !== value;
  const leave = async (isAsked: boolean): Promise<void> => {
    const typed = latest.current;
    if (typed === undefined || isSaving.current) return;
    const text = typed.text.trim();
    if (text === value) return put(undefined);
    // Another's value is not to go because somebody looked at the field and left.
    if (isOverrun && !isAsked && merges === undefined) return;
    isSaving.current = true;
    const saved = await save(text, merges === undefined ? value : typed.was).finally(() => {
      isSaving.current = false;
    });
    // What was typed since is a change of what was saved.
    if (saved === "saved") put(latest.current === typed ? undefined : restOf(latest.current, text));
  };
  return (
    <>
      <label>
        {label}
        <input
          value={change?.text ?? value}
          placeholder={hint}
          class={change === undefined ? "" : "unsaved"}
          aria-describedby={note}
          onFocus={() => setHere(true)}
          onInput={({ currentTarget }) => put({ text: currentTarget.value, was: latest.current?.was ?? value })}
          onBlur={() => {
            setHere(false);
            void leave(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") put(undefined);
            if (event.key !== "Enter") return;
            void leave(true);
            event.currentTarget.blur();
          }}
        />
      </label>
      <p class="field-note" id={note} role="status">
        {change === undefined ? "" : noteOf({ isOverrun, isHere, now: value === "" ? hint : value, merges })}
      </p>
    </>
  );
}

function restOf(change: Change | undefined, was: string): Change | undefined {
  return change === undefined ? undefined : { text: change.text, was };
}

function noteOf({
  isOverrun,
  isHere,
  now,
  merges = false,
}: {
  readonly isOverrun: boolean;
  readonly isHere: boolean;
  readonly now: string;
  readonly merges?: boolean | undefined;
}): string {
  if (isOverrun && merges) return `meanwhile: ${now}; saving puts both together`;
  if (isOverrun) return `meanwhile: ${now}. Enter takes yours, Escape theirs`;
  return isHere ? "" : "not saved: Enter in the field saves it, Escape drops it";
}
