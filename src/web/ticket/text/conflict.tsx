import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
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
    <section class="conflict" role="alertdialog" aria-label="Changed by somebody else meanwhile">
      <h2>Somebody else changed the same lines meanwhile</h2>
      <p>
        Both texts are here; what each changed elsewhere is in yours already. Put together what is to stay, then save
        it.
      </p>
      <div class="both">
        <div>
          <h3>Theirs, as it is now</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{marked(theirs, mine)}</pre>
        </div>
        <div>
          <h3>
            <label for="conflict-mine">Yours, to edit</label>
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
          Save
        </button>
        <button
          type="button"
          disabled={isBoth}
          onClick={() => {
            setBoth(true);
            put(mergeText(mine, base, theirs).both);
          }}
        >
          Keep both
        </button>
        <button type="button" onClick={onDrop}>
          Use theirs
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
