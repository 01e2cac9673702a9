import type { JSX } from "preact";
import { number } from "../../words/forms.ts";
import { say } from "../../words/say.ts";
import { MOST_FOUND } from "./find.ts";

interface Props {
  readonly words: string;
  put(words: string): void;
  /** How many places there are, and which of them is shown; -1 for none. */
  readonly found: number;
  readonly current: number;
  step(by: number): void;
  readonly isFollowing: boolean;
  follow(): void;
  /** Reads earlier lines; undefined where there are none, or no room for them. */
  readonly earlier: (() => void) | undefined;
}

/** What is looked for in a log, and whether its end is followed. */
export function FindBar(props: Props): JSX.Element {
  const { words, put, found, current, step, isFollowing, follow, earlier } = props;
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  };
  return (
    <div class="log-bar">
      <input
        type="search"
        data-filter
        aria-label={say.agents.log.find}
        placeholder={say.agents.log.find}
        value={words}
        onInput={(event) => put(event.currentTarget.value)}
        onKeyDown={press}
      />
      <span class="hint" role="status">
        {words === "" ? "" : found === 0 ? say.agents.log.none : countOf(current, found)}
      </span>
      <button
        type="button"
        class="quiet"
        disabled={found === 0}
        aria-label={say.agents.log.before}
        onClick={() => step(-1)}
      >
        ↑
      </button>
      <button
        type="button"
        class="quiet"
        disabled={found === 0}
        aria-label={say.agents.log.next}
        onClick={() => step(1)}
      >
        ↓
      </button>
      {earlier === undefined ? null : (
        <button type="button" class="quiet" onClick={earlier}>
          {say.agents.log.earlier}
        </button>
      )}
      <button type="button" class="quiet" aria-pressed={isFollowing} onClick={follow}>
        {say.agents.log.follow}
      </button>
    </div>
  );
}

function countOf(current: number, found: number): string {
  return say.ofTotal(number(current + 1), `${number(found)}${found === MOST_FOUND ? "+" : ""}`);
}
