import type { JSX } from "preact";
import { cardOf } from "../data/model.ts";
import type { Config, Line } from "../data/shapes.ts";
import type { PickKind } from "../page/pick.ts";
import { ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { ago, fullTime, halfMinute } from "../page/times.ts";
import { say } from "../words/say.ts";
import { Answer } from "./answer.tsx";
import { Options } from "./options.tsx";
import { snoozes, type Todo, todosOf } from "./todos.ts";
import type { ShownLine } from "./typed.ts";

/** Kinds that may be about an agent, a hook or a pipeline. */
const NO_TICKETS = ["allow", "unready", "pipeline"];

/** What the lines of an inbox do. */
export interface Acts {
  /** Settles a line; where words are asked for first it waits for them. */
  settle(line: Line, todo: Pick<Todo, "run" | "asks" | "list">): void;
  /** Opens a list for the ticket of a line. */
  list(line: Line, kind: PickKind): true;
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
  isLeft,
  isSnoozing,
}: {
  readonly shown: ShownLine;
  readonly config: Config;
  readonly acts: Acts;
  readonly isBusy: boolean;
  /** Somebody else settled it, and it stays as it was only while the list is read. */
  readonly isLeft: boolean;
  readonly isSnoozing: boolean;
}): JSX.Element {
  const { key, text, act, by, at } = line;
  // What an address of a ticket can show needs no command.
  const command = act.startsWith("ayo ticket ") ? "" : act;
  return (
    <li data-line={key} class={isLeft ? "gone left" : isGone ? "gone" : ""} aria-busy={isBusy} inert={isBusy}>
      <p class="about">
        <Subject line={line} />
        {isLeft ? (
          <span class="changed" role="status">
            {say.inbox.meanwhile}
          </span>
        ) : (
          <span class="hint">
            {by ?? ""} {at === null ? null : <Since at={at} />}
          </span>
        )}
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
      <Parts
        line={line}
        config={config}
        acts={acts}
        isLeft={isLeft}
        isGone={isGone && !isLeft}
        isSnoozing={isSnoozing}
      />
    </li>
  );
}

/** What can be done about a line; once it is settled elsewhere only what was typed is left to be sent. */
function Parts({
  line,
  config,
  acts,
  isLeft,
  isGone,
  isSnoozing,
}: Pick<ShownLine, "line" | "isGone"> & {
  readonly config: Config;
  readonly acts: Acts;
  readonly isLeft: boolean;
  readonly isSnoozing: boolean;
}): JSX.Element {
  const isQuestion = line.kind === "question";
  const todos = todosOf(line, config);
  return (
    <div class="acts" inert={isLeft}>
      {isQuestion && !isGone ? <Options line={line} todos={todos} choose={(todo) => acts.settle(line, todo)} /> : null}
      {isQuestion && config.verbs.includes("answer") ? (
        <Answer
          line={line}
          isMain={todos.length === 0 || isGone}
          isGone={isGone}
          settle={(run) => acts.settle(line, { run, asks: false })}
          redraw={acts.redraw}
        />
      ) : null}
      {isGone ? null : <Buttons line={line} todos={isQuestion ? [] : todos} acts={acts} isSnoozing={isSnoozing} />}
    </div>
  );
}

/** The ticket, and the way to it; of other things there is no page. */
function Subject({ line }: { readonly line: Line }): JSX.Element {
  const { id, title, kind } = line;
  const name = title === "" || kind === "unreadable" ? id : title;
  if (!hasPage(line)) return <b>{name}</b>;
  return (
    <a href={ticketHref(id)} data-stop>
      {name === id ? null : <span class="id">{id} </span>}
      {name}
    </a>
  );
}

/** What the line is about is a ticket, or a file that should be one. */
function hasPage({ id, kind }: Line): boolean {
  return id !== "config" && (!NO_TICKETS.includes(kind) || cardOf(id) !== undefined);
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
  const stop = hasPage(line) ? {} : { "data-stop": true };
  return (
    <div class="buttons">
      {todos.map((todo, n) => (
        <button
          key={todo.name}
          type="button"
          class={todo.isMain ? "main" : ""}
          onClick={() => acts.settle(line, todo)}
          {...(todo.list === undefined ? {} : { "data-list": true })}
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
