import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../words/say.ts";

/** A line of a list that something is chosen from. */
export interface Choice {
  readonly key: string;
  readonly text: string;
  readonly hint: string;
  /** Whether it holds already; of several tickets for some of them. */
  readonly has?: boolean | "some";
  readonly run: () => void;
}

/** A field, and below it what fits what is typed; arrows choose, Enter takes it. */
export function Combobox({
  name,
  label,
  placeholder,
  choicesOf,
  choose,
  empty,
  onType,
}: {
  /** For the ids of its elements. */
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly choicesOf: (text: string) => readonly Choice[];
  readonly choose: (choice: Choice) => void;
  readonly empty: string;
  readonly onType?: (text: string) => void;
}): JSX.Element {
  const [text, setText] = useState("");
  const [at, setAt] = useState<number>();
  const choices = choicesOf(text.trim());
  const chosen = Math.min(at ?? beginning(choices, text), choices.length - 1);
  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    choose(choice);
    setText("");
    if (text !== "") setAt(undefined);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter") take(choices[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <div class="palette">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${name}-list`}
        aria-activedescendant={choices.length > 0 ? `${name}-${chosen}` : undefined}
        aria-label={label}
        placeholder={placeholder}
        autocomplete="off"
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          onType?.(value.trim());
          setAt(undefined);
        }}
        onKeyDown={press}
      />
      <Options name={name} label={label} choices={choices} chosen={chosen} take={take} point={setAt} />
      {choices.length === 0 ? <p class="empty">{empty}</p> : null}
    </div>
  );
}

/** What holds is where one begins, until something is typed. */
function beginning(choices: readonly Choice[], text: string): number {
  return text === ""
    ? Math.max(
        0,
        choices.findIndex(({ has }) => has === true),
      )
    : 0;
}

function Options({
  name,
  label,
  choices,
  chosen,
  take,
  point,
}: {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: number;
  readonly take: (choice: Choice) => void;
  readonly point: (n: number) => void;
}): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div role="listbox" id={`${name}-list`} aria-label={label} ref={list}>
      {choices.map((choice, n) => (
        // Keys are the input's, as a combobox has it.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
        // biome-ignore lint/a11y/useFocusableInteractive: see above.
        <div
          key={choice.key}
          id={`${name}-${n}`}
          role="option"
          aria-selected={n === chosen}
          onClick={() => take(choice)}
          onMouseMove={() => point(n)}
        >
          {choice.has === undefined ? null : <Mark has={choice.has} />}
          <span class="text">{choice.text}</span>
          <span class="hint">{choice.hint}</span>
        </div>
      ))}
    </div>
  );
}

function Mark({ has }: { readonly has: boolean | "some" }): JSX.Element {
  return (
    <span class="mark">
      <span aria-hidden="true">{has === true ? "✓" : has === "some" ? "–" : ""}</span>
      <span class="sr">
        {has === true ? `${say.dialogs.chosen}: ` : has === "some" ? `${say.dialogs.chosenForSome}: ` : ""}
      </span>
    </span>
  );
}
