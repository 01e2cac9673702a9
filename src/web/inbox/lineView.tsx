import type { JSX } from "preact";
import type { Line } from "../data/inbox.ts";
import type { Config } from "../data/shapes.ts";
import { ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { ago, fullTime, halfMinute } from "../page/times.ts";
import { say } from "../words/say.ts";
import { Answer } from "./answer.tsx";
import { Options } from "./options.tsx";
import { snoozes, type Todo, todosOf } from "./todos.ts";
import type { ShownLine } from "./typed.ts";

/** What the lines of an inbox do. */
export interface Acts {
  /** Settles a line; where words are asked for first it waits for them. */
  settle(line: Line, todo: Pick<Todo, "run" | "asks">): void;
  done(line: Line): void;
  snooze(line: Line, until: string): void;
  /** Shows until when the line with this key can be put away; "" for none. */
  offerSnooze(key: string): void;
  redraw(): void;
}

/** One thing that needs somebody: who, since when, what about, and what can be done. */
export function LineView({
  shown: { line, isGone },
  config,
  acts,
  isBusy,
  isSnoozing,
}: {
  readonly shown: ShownLine;
  readonly config: Config;
  readonly acts: Acts;
  readonly isBusy: boolean;
  readonly isSnoozing: boolean;
}): JSX.Element {
  const { key, kind, text, act, by, at } = line;
  const isQuestion = kind === "question";
  const todos = todosOf(line, config);
  const canAnswer = isQuestion && config.verbs.includes("answer");
  // What an address of a ticket can show needs no command.
  const command = act.startsWith("ayo ticket ") ? "" : act;
  return (
    <li data-line={key} class={isGone ? "gone" : ""} aria-busy={isBusy} inert={isBusy}>
      <p class="about">
        <Subject line={line} />
        <span class="hint">
          {by ?? ""} {at === null ? null : <Since at={at} />}
        </span>
      </p>
      {text === "" ? null : (
        <p class="said" dir="auto">
          {text}
        </p>
      )}
      {command === "" ? null : (
        <p class="hint">
          <code>{command}</code>
        </p>
      )}
      {isQuestion && !isGone ? <Options line={line} todos={todos} choose={(todo) => acts.settle(line, todo)} /> : null}
      {canAnswer ? (
        <Answer
          line={line}
          isMain={todos.length === 0 || isGone}
          isGone={isGone}
          settle={(run) => acts.settle(line, { run, asks: false })}
          redraw={acts.redraw}
        />
      ) : null}
      {isGone ? null : <Buttons line={line} todos={isQuestion ? [] : todos} acts={acts} isSnoozing={isSnoozing} />}
    </li>
  );
}

/** The ticket, and the way to it; of config.yml there is no page. */
function Subject({ line: { id, title, kind } }: { readonly line: Line }): JSX.Element {
  const name = title === "" || kind === "unreadable" ? id : title;
  if (id === "config") return <b>{name}</b>;
  return (
    <a href={ticketHref(id)} data-stop>
      {name === id ? null : <span class="id">{id} </span>}
      {name}
    </a>
  );
}

function Since({ at }: { readonly at: string }): JSX.Element {
  useValue(halfMinute);
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ago(at)}
    </time>
  );
}

function Buttons({
  line,
  todos,
  acts,
  isSnoozing,
}: {
  readonly line: Line;
  readonly todos: readonly Todo[];
  readonly acts: Acts;
  readonly isSnoozing: boolean;
}): JSX.Element {
  // Where there is no link the first button is what the keyboard stops at.
  const stop = line.id === "config" ? { "data-stop": true } : {};
  return (
    <div class="buttons">
      {todos.map((todo, n) => (
        <button
          key={todo.name}
          type="button"
          class={todo.isMain ? "main" : ""}
          onClick={() => acts.settle(line, todo)}
          {...(n === 0 ? stop : {})}
        >
          {todo.name}
        </button>
      ))}
      <button type="button" onClick={() => acts.done(line)} {...(todos.length === 0 ? stop : {})}>
        {say.inbox.done}
      </button>
      <button
        type="button"
        data-snooze
        aria-expanded={isSnoozing}
        onClick={() => acts.offerSnooze(isSnoozing ? "" : line.key)}
      >
        {say.inbox.snooze}
      </button>
      {isSnoozing ? (
        <fieldset class="snoozes" aria-label={say.inbox.untilWhen}>
          {snoozes(Date.now()).map(([until, name]) => (
            <button key={name} type="button" onClick={() => acts.snooze(line, until)}>
              {name}
            </button>
          ))}
        </fieldset>
      ) : null}
    </div>
  );
}
