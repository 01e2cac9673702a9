import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { filterOf, type Scope, suggestions, type Test } from "../data/filter.ts";
import type { Model } from "../data/model.ts";
import { useKeys } from "../page/keys.ts";
import { route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { pressOnBoard } from "./boardKeys.ts";
import { announcement, dragged, focused } from "./drag.ts";
import { GROUPS, type Group, type Lane, lanesOf, placeOf } from "./lanes.ts";
import { LaneView } from "./laneView.tsx";

/** The board: a column for each status, cards that can be moved by mouse, finger and keys. */
export function BoardView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { q = "", group = "" } = params;
  const kind = GROUPS.find((one) => one === group) ?? "";
  const { test, problem } = useFilter(model, q);
  const lanes = useMemo(() => lanesOf(model, test, kind), [model, test, kind]);
  const stop = useValue(focused);
  useEffect(() => {
    document.title = `${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  useKeys((event) => pressOnBoard(event, lanes));
  // Leaving the board ends a move.
  useEffect(() => () => dragged.set(undefined), []);
  const firstLane = placeOf(lanes, stop.id) === undefined ? lanes.findIndex(({ cards }) => cards.length > 0) : -1;
  return (
    <>
      <h1 class="sr">Board of {model.config.workflow}</h1>
      <Toolbar lanes={lanes} q={q} group={kind} model={model} problem={problem} />
      <Problems model={model} />
      {model.cards.size === 0 ? <Welcome /> : null}
      <div class="board">
        {phasesOf(lanes, kind).map(([phase, some]) => (
          <div key={phase} class="phase">
            {phase === "" ? null : <div class="phase-name">{phase}</div>}
            <div class="lanes">
              {some.map((lane) => (
                <LaneView key={lane.column.id} lane={lane} model={model} isFirstStop={lanes[firstLane] === lane} />
              ))}
            </div>
          </div>
        ))}
      </div>
      <Announcement />
    </>
  );
}

/** The test of the filter; while a word is being typed that is none yet, the test of what was there before. */
function useFilter(model: Model, q: string): { readonly test: Test | undefined; readonly problem: string } {
  const before = useRef<Test | undefined>(undefined);
  return useMemo(() => {
    try {
      before.current = q.trim() === "" ? undefined : filterOf(q, scopeOf(model));
      return { test: before.current, problem: "" };
    } catch (error) {
      return { test: before.current, problem: (error as Error).message };
    }
  }, [model, q]);
}

function scopeOf({ config, cards, children }: Model): Scope {
  const { board, actor } = config;
  return { board, cards, me: actor.name, hasChildren: (id) => children.has(id), now: Date.now() };
}

/** Neighbouring columns of one phase stand together. */
function phasesOf(lanes: readonly Lane[], group: Group): [string, Lane[]][] {
  if (group !== "phase") return [["", [...lanes]]];
  const phases: [string, Lane[]][] = [];
  for (const lane of lanes) {
    const phase = lane.column.phase ?? "no phase";
    const last = phases.at(-1);
    if (last?.[0] === phase) last[1].push(lane);
    else phases.push([phase, [lane]]);
  }
  return phases;
}

function Toolbar({
  lanes,
  q,
  group,
  model,
  problem,
}: {
  readonly lanes: readonly Lane[];
  readonly q: string;
  readonly group: Group;
  readonly model: Model;
  readonly problem: string;
}): JSX.Element {
  const shown = lanes.reduce((sum, { cards }) => sum + cards.length, 0);
  const words = useMemo(() => suggestions(q, scopeOf(model)), [q, model]);
  return (
    <div class="toolbar">
      <input
        type="search"
        data-filter
        aria-label="Filter"
        list="filters"
        placeholder="Filter: words, is:ready, tag:ui, assignee:@me, -type:bug, priority:<2 …"
        aria-invalid={problem !== ""}
        aria-describedby="filter-problem"
        value={q}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
      />
      <datalist id="filters">
        {words.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
      <label>
        <span class="for">Group by </span>
        <select
          aria-label="Group by"
          value={group}
          onChange={(event) => setParams({ group: event.currentTarget.value })}
        >
          {GROUPS.map((name) => (
            <option key={name} value={name}>
              {name === "" ? "nothing" : name}
            </option>
          ))}
        </select>
      </label>
      <span class="shown" role="status">
        {q === "" ? `${shown} tickets` : `${shown} of ${model.cards.size}`}
      </span>
      <span class="filter-problem" id="filter-problem" role="status">
        {problem}
      </span>
    </div>
  );
}

function Problems({ model: { problems } }: { readonly model: Model }): JSX.Element | null {
  if (problems.length === 0) return null;
  return (
    <details class="problems">
      <summary>
        {problems.length === 1 ? "1 file is no readable ticket" : `${problems.length} files are no readable tickets`}
      </summary>
      <ul>
        {problems.map(({ path, line, message }) => (
          <li key={`${path}${message}`}>
            <code>{line > 0 ? `${path}:${line}` : path}</code> {message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Welcome(): JSX.Element {
  return (
    <p class="welcome">
      No tickets yet. Press <kbd>c</kbd> to make the first, or run <code>ayo ticket create "Build login"</code>.
    </p>
  );
}

function Announcement(): JSX.Element {
  return (
    <div class="sr" aria-live="assertive">
      {useValue(announcement)}
    </div>
  );
}
