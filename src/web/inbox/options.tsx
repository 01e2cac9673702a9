import type { JSX } from "preact";
import type { Line } from "../data/shapes.ts";
import { useValue } from "../page/state.ts";
import { fullTime, halfMinute, timeLeft } from "../page/times.ts";
import { say } from "../words/say.ts";
import type { Todo } from "./todos.ts";

/** The answers that a question offers, each with the key that chooses it, and which holds where nobody answers. */
export function Options({
  line: { defaultAnswer, answerBy },
  todos,
  choose,
}: {
  readonly line: Line;
  readonly todos: readonly Todo[];
  readonly choose: (todo: Todo) => void;
}): JSX.Element | null {
  useValue(halfMinute);
  if (todos.length === 0) return null;
  return (
    <>
      {defaultAnswer === undefined || answerBy === undefined || Date.parse(answerBy) <= Date.now() ? null : (
        <p class="hint">
          {say.inbox.withoutAnswer(
            defaultAnswer,
            <time dateTime={answerBy} title={fullTime(answerBy)}>
              {say.times.within(timeLeft(answerBy))}
            </time>,
          )}
        </p>
      )}
      <div class="buttons">
        {todos.map((todo) => (
          <button
            key={todo.key}
            type="button"
            class={todo.isMain ? "main" : ""}
            aria-keyshortcuts={todo.key}
            onClick={() => choose(todo)}
          >
            {todo.name}
          </button>
        ))}
      </div>
    </>
  );
}
