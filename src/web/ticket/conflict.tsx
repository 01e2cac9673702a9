import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Shown } from "../shapes.ts";

/** Two changes of one text, side by side, and what becomes of them; nothing is lost until somebody says so. */
export function Conflict({
  mine,
  theirs,
  onSave,
  onDrop,
}: {
  readonly mine: string;
  readonly theirs: Shown;
  readonly onSave: (text: string) => void;
  readonly onDrop: () => void;
}): JSX.Element {
  const [text, setText] = useState(mine);
  const other = theirs.ticket.body;
  return (
    <section class="conflict" role="alertdialog" aria-label="Changed by somebody else meanwhile">
      <h2>Somebody else changed this ticket meanwhile</h2>
      <p>Both texts are here. Put together what is to stay, then save it.</p>
      <div class="both">
        <div>
          <h3>Theirs, as it is now</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls. */}
          <pre tabIndex={0}>{marked(other, mine)}</pre>
        </div>
        <div>
          <h3>
            <label for="conflict-mine">Yours, to edit</label>
          </h3>
          <textarea id="conflict-mine" rows={18} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </div>
      </div>
      <div class="buttons">
        <button type="button" class="main" onClick={() => onSave(text)}>
          Save this text
        </button>
        <button type="button" onClick={() => setText(joined(other, mine))}>
          Put theirs in, too
        </button>
        <button type="button" onClick={onDrop}>
          Keep theirs
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

/** Mine, with each run of lines that only theirs has put after the line that it follows there. */
function joined(theirs: string, mine: string): string {
  const lines = mine.split("\n");
  const known = new Set(lines);
  let after = -1;
  for (const line of theirs.split("\n")) {
    if (known.has(line)) {
      const at = lines.indexOf(line, after + 1);
      if (at >= 0) after = at;
      continue;
    }
    after++;
    lines.splice(after, 0, line);
  }
  return lines.join("\n");
}
