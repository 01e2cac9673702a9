import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Change, useChange } from "../../page/drafts.ts";
import { say } from "../../words/say.ts";
import type { Saved } from "../text/save.ts";

interface Props {
  readonly label: string;
  readonly value: string;
  /** What stands where there is no value. */
  readonly hint: string;
  /** Under which name what is typed is remembered. */
  readonly name: string;
  /** A calendar stands beside it, for who would rather look than type. */
  readonly isDate?: boolean;
  /** The value in words, which stand there while the field has not the keyboard. */
  readonly inWords?: string | undefined;
  /** Opens a list to choose the value from. */
  readonly onPick?: ((button: Element) => void) | undefined;
  /** What is typed goes together with what others make of the value meanwhile. */
  readonly merges?: true;
  /** Saves what was made of the value `was`. */
  readonly save: (text: string, was: string) => Promise<Saved>;
}

/**
 * A field that is saved when it is left, or with Enter. What is typed stays there until it is saved or given up with
 * Escape, whatever others make of the value meanwhile; that is told.
 */
export function Field(props: Props): JSX.Element {
  const { label, value, hint, isDate = false, inWords = value, merges, onPick } = props;
  const { change, put, latest, leave, isOverrun } = useSaving(props);
  const [isHere, setHere] = useState(false);
  const note = `note-${label.replaceAll(" ", "-")}`;
  const typed = (
    <label>
      {label}
      <input
        value={change?.text ?? (isHere ? value : inWords)}
        title={inWords === value ? undefined : value}
        placeholder={hint}
        dir="auto"
        class={change === undefined ? "" : "unsaved"}
        aria-describedby={note}
        onFocus={({ currentTarget }) => {
          setHere(true);
          if (change !== undefined || inWords === value) return;
          // At once: what is typed takes the place of all of it.
          currentTarget.value = value;
          currentTarget.select();
        }}
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
  );
  return (
    <>
      <div class="field">
        {typed}
        {onPick === undefined ? null : <PickButton label={label} onPick={onPick} />}
        {isDate ? (
          <Calendar
            value={value}
            onPick={(text) => {
              put({ text, was: latest.current?.was ?? value });
              void leave(true);
            }}
          />
        ) : null}
      </div>
      <p class="field-note" id={note} role="status">
        {change === undefined ? "" : noteOf({ isOverrun, isHere, now: value === "" ? hint : value, merges })}
      </p>
    </>
  );
}

/** What is typed, and how it is saved when the field is left. */
function useSaving({ value, name, merges, save }: Props) {
  const { change, put, latest } = useChange(name);
  const isSaving = useRef(false);
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
  return { change, put, latest, leave, isOverrun };
}

function PickButton(p: { readonly label: string; readonly onPick: (button: Element) => void }): JSX.Element {
  return (
    <button
      type="button"
      class="quiet"
      aria-label={say.ticket.choose}
      title={say.ticket.chooseFor(p.label)}
      onClick={({ currentTarget }) => p.onPick(currentTarget)}
    >
      ▾
    </button>
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
  if (isOverrun && merges) return say.ticket.meanwhileBoth(now);
  if (isOverrun) return say.ticket.meanwhile(now);
  return isHere ? "" : say.ticket.unsaved;
}

/** The browser's own calendar. */
function Calendar(p: { readonly value: string; readonly onPick: (date: string) => void }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <span class="calendar">
      <button type="button" class="quiet" aria-label={say.ticket.chooseDay} onClick={() => field.current?.showPicker()}>
        ▾
      </button>
      <input
        ref={field}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        value={p.value.slice(0, 10)}
        onChange={(event) => p.onPick(event.currentTarget.value)}
      />
    </span>
  );
}
