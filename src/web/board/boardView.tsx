import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { suggestions } from "../data/filter/filter.ts";
import { scopeOf, useFilter } from "../data/filter/useFilter.ts";
import { prepareToPut } from "../data/many/putCards.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { cardAt } from "../page/cardAt.ts";
import { dialog, useChords, useKeys } from "../page/keys.ts";
import { aim } from "../page/pick.ts";
import { navigate, route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { BANDS, type Band, type BandField, bandsOf, shownBands } from "./bands.ts";
import { BandsView } from "./bandsView.tsx";
import { Arrange, type Arranged } from "./bar/arrange.tsx";
import { ColumnSwitcher } from "./bar/columnSwitcher.tsx";
import { FilterChips } from "./bar/filterChips.tsx";
import { ProjectFilter } from "./bar/projectFilter.tsx";
import { ViewTabs } from "./bar/viewTabs.tsx";
import { Beside } from "./beside.tsx";
import { pressChord, pressOnBoard, walkBeside } from "./boardKeys.ts";
import { Columns } from "./columns.tsx";
import { useFolded } from "./fold.ts";
import { useKeptFocus } from "./keptPlace.ts";
import { foldedLanes, GROUPS, type Lane, lanesOf, placeOf } from "./lanes.ts";
import { listOf } from "./listRows.ts";
import { ListView } from "./listView.tsx";
import { announcement, dragged, focused } from "./move/drag.ts";
import { isNarrow } from "./panel.ts";
import { usePrintList } from "./printList.ts";
import { keepShown, selecting, selection } from "./selection.ts";
import { SelectionBar } from "./selectionBar.tsx";

/** The board: a column for each status, cards that can be moved by mouse, finger and keys. */
export function BoardView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { q = "", group = "", ticket = "", view = "", sort = "" } = params;
  const by = BANDS.find((one) => one === params.lanes) ?? "";
  const kind = GROUPS.find((one) => one === group) ?? "";
  const known = useValue(projects);
  const { test, problem } = useFilter(model, q, known);
  const lanes = useMemo(() => lanesOf(model, test, kind, known), [model, test, kind, known]);
  const list = useMemo(
    () => (view === "list" ? listOf(lanes, { group: kind, sort }, model, known) : undefined),
    [lanes, view, kind, sort],
  );
  const { columns, bands } = useArranged(lanes, model, by);
  const ways = useMemo(() => (list === undefined ? columns : [list]), [columns, list]);
  const stop = useValue(focused);
  useEffect(() => {
    document.title = `${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  useKeys((event) => pressOnBoard(event, ways));
  useChords((event) => pressChord(event, ways, list === undefined ? "" : sort));
  usePrintList(lanes);
  useKeptFocus(ways);
  useBeside(ticket, ways);
  const means = useRef<readonly string[]>([]);
  const { ids: chosen } = useValue(selection);
  const one = ticket || stop.id;
  means.current = chosen.size > 0 ? [...chosen] : model.cards.has(one) ? [one] : [];
  useLayoutEffect(() => keepShown(ways), [ways]);
  useEffect(() => aim(() => means.current), []);
  useEffect(() => void prepareToPut(), []);
  // Leaving the board ends a move.
  useEffect(() => () => dragged.set(undefined), []);
  return (
    <>
      <h1 class="sr">{say.board.heading(model.config.workflow)}</h1>
      <Toolbar lanes={lanes} q={q} arranged={{ group: kind, by }} model={model} problem={problem} />
      <div class="asked">
        <FilterChips q={q} />
        <ViewTabs workflow={model.config.dir} views={model.config.views} />
      </div>
      <Problems model={model} />
      {model.cards.size === 0 ? <Welcome /> : null}
      <div class={useValue(selecting) ? "halves selecting" : "halves"}>
        {list === undefined && bands === undefined ? <ColumnSwitcher lanes={columns} /> : null}
        {list !== undefined ? (
          <ListView list={list} model={model} sort={sort} beside={ticket} />
        ) : bands !== undefined ? (
          <BandsView key={by} lanes={columns} bands={bands} by={by} model={model} beside={ticket} />
        ) : (
          <Columns lanes={columns} group={kind} model={model} beside={ticket} />
        )}
        {ticket === "" ? null : <Beside id={ticket} model={model} walk={(step) => walkBeside(ways, step)} />}
      </div>
      <SelectionBar lanes={ways} />
      <Announcement />
    </>
  );
}

/** The columns as they are seen: some collapsed, all cut into rows. */
function useArranged(
  lanes: readonly Lane[],
  model: Model,
  by: BandField,
): { readonly columns: readonly Lane[]; readonly bands: readonly Band[] | undefined } {
  const known = useValue(projects);
  const folded = useFolded(model.config.dir);
  const names = [...folded].sort().join("\n");
  const arranged = useMemo(() => {
    const columns = foldedLanes(lanes, folded);
    if (by === "") return { columns, bands: undefined };
    const cut = bandsOf(columns, by, (key) => folded.has(`${by}:${key}`), model, known);
    return { columns: cut.lanes, bands: cut.bands };
  }, [lanes, names, by, known]);
  useLayoutEffect(() => {
    shownBands.set(arranged.bands === undefined ? undefined : { by, bands: arranged.bands });
    return () => shownBands.set(undefined);
  }, [arranged]);
  return arranged;
}

/** The card of the ticket beside the board is where the keyboard goes on, unless somebody types elsewhere. */
function useBeside(ticket: string, lanes: readonly Lane[]): void {
  useLayoutEffect(() => {
    if (ticket !== "" && isNarrow()) return navigate(ticketHref(ticket), { replace: true });
    const id = ticket || focused.get().id;
    const isFree = document.activeElement === document.body || cardAt(document.activeElement) !== "";
    if (placeOf(lanes, id) !== undefined) focused.set({ id, wanted: isFree });
  }, [ticket]);
}

function Toolbar({
  lanes,
  q,
  arranged,
  model,
  problem,
}: {
  readonly lanes: readonly Lane[];
  readonly q: string;
  readonly arranged: Arranged;
  readonly model: Model;
  readonly problem: string;
}): JSX.Element {
  const known = useValue(projects);
  const shown = lanes.reduce((sum, lane) => sum + lane.shown, 0);
  // Nobody who does not type needs them.
  const [isTyped, setTyped] = useState(false);
  const words = useMemo(
    () => (isTyped ? suggestions(q, scopeOf(model, known)) : []),
    [isTyped && q, isTyped && model, known],
  );
  return (
    <div class="toolbar">
      <input
        type="search"
        data-filter
        aria-label={say.filter}
        list="filters"
        placeholder={say.board.filterHint}
        aria-invalid={problem !== ""}
        aria-describedby="filter-problem"
        value={q}
        onFocus={() => setTyped(true)}
        onBlur={() => setTyped(false)}
        onInput={(event) => setParams({ q: event.currentTarget.value })}
      />
      <datalist id="filters">
        {words.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
      <ProjectFilter q={q} />
      <Arrange {...arranged} />
      <span class="shown" role="status">
        {q === "" ? say.data.tickets(shown) : say.ofTotal(number(shown), number(model.cards.size))}
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
      <summary>{say.board.unreadable(problems.length)}</summary>
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
    <section class="welcome">
      <h2>{say.board.none}</h2>
      <p>
        <button type="button" class="main" onClick={() => dialog.set("create")}>
          {say.board.makeFirst}
        </button>
      </p>
      <p class="hint">{say.board.orPress(<kbd>c</kbd>, <code>ayo ticket create "{say.board.example}"</code>)}</p>
    </section>
  );
}

function Announcement(): JSX.Element {
  return (
    <div class="sr" aria-live="assertive">
      {useValue(announcement)}
    </div>
  );
}
