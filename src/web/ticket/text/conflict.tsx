import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../../words/say.ts";
import { mergeText } from "./mergeText.ts";

interface Props {
  /** What both began with. */
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  readonly put: (mine: string) => void;
  readonly onSave: () => void;
  readonly onDrop: () => void;
}

/** Two changes of the same lines, side by side, and what becomes of them; nothing is lost until somebody says so. */
export function Conflict({ base, mine, theirs, put, onSave, onDrop }: Props): JSX.Element {
  const [isBoth, setBoth] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <section class="conflict" role="alertdialog" aria-label={say.ticket.changed}>
      <h2>{say.ticket.sameLines}</h2>
      <p>{say.ticket.bothTexts}</p>
      <div class="both">
        <div>
          <h3>{say.ticket.theirs}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{marked(theirs, mine)}</pre>
        </div>
        <div>
          <h3>
            <label for="conflict-mine">{say.ticket.yours}</label>
          </h3>
          <textarea
            onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && onSave()}
            ref={field}
            id="conflict-mine"
            dir="auto"
            rows={18}
            value={mine}
            onInput={(event) => put(event.currentTarget.value)}
          />
        </div>
      </div>
      <div class="buttons">
        <button type="button" class="main" onClick={onSave}>
          {say.save}
        </button>
        <button
          type="button"
          disabled={isBoth}
          onClick={() => {
            setBoth(true);
            put(mergeText(mine, base, theirs).both);
          }}
        >
          {say.ticket.keepBoth}
        </button>
        <button type="button" onClick={onDrop}>
          {say.ticket.useTheirs}
        </button>
      </div>
    </section>
  );
}

/** Lines that only one side has stand out. */
function marked(text: string, other: string): JSX.Element[] {
  const known = new Set(other.split("\n"));
  return text
    .split("\n")
    .map((line, n) => (known.has(line) ? <span key={n}>{`${line}\n`}</span> : <mark key={n}>{`${line}\n`}</mark>));
}
