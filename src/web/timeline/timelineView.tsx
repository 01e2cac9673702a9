import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { useFilter } from "../data/filter/useFilter.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { type Card, isFinished } from "../data/shapes.ts";
import { useKeys } from "../page/keys.ts";
import { route, setParams } from "../page/router.ts";
import { type SeenRows, useSeenRows } from "../page/seenRows.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { Axis } from "./axis.tsx";
import { groupAbove, type Plan, planOf } from "./plan.ts";
import { BarRow, groupName, HEAD, HeadingRow, NAMES, ROW_HEIGHT } from "./rowView.tsx";
import { ZOOMS, type Zoom } from "./scale.ts";
import { Ties } from "./ties.tsx";
import { Toolbar } from "./toolbar.tsx";

const NEARER: readonly Zoom[] = ["quarter", "month", "week"];

/** Tickets as bars in time, by project or assignee. */
export function TimelineView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { q = "", group = "", finished = "" } = params;
  const zoom: Zoom = NEARER.find((one) => one === params.zoom) ?? "month";
  const known = useValue(projects);
  const { test, problem } = useFilter(model, q, known);
  const plan = useMemo(() => {
    const all = [...model.cards.values()];
    const shown = all.filter((card) => (finished !== "" || !isFinished(card)) && (test === undefined || test(card)));
    const groupOf = ({ assignee, project }: Card): string =>
      group === "assignee" ? (assignee ?? "") : project === null ? "" : (known.find(project)?.name ?? project);
    return planOf(shown, model.cards, { now: Date.now(), groupOf });
  }, [model.cards, test, group, finished, known]);
  useEffect(() => {
    document.title = `${say.header.timeline} · ${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  return (
    <>
      <h1 class="sr">{say.timeline.heading(model.config.workflow)}</h1>
      <Toolbar problem={problem} zoom={zoom} plan={plan} />
      {plan.rows.length === 0 ? (
        <p class="welcome">{say.timeline.nothing}</p>
      ) : (
        <Rows plan={plan} zoom={zoom} group={group} />
      )}
    </>
  );
}

function Rows({
  plan,
  zoom,
  group,
}: {
  readonly plan: Plan;
  readonly zoom: Zoom;
  readonly group: string;
}): JSX.Element {
  const { rows, from, to } = plan;
  const perDay = ZOOMS[zoom];
  const x = (moment: number): number => Math.round(((moment - from) / 86_400_000) * perDay);
  const width = x(to);
  const seen = useSeenRows(rows.length, {
    height: ROW_HEIGHT,
    head: HEAD,
    isPassed: (row) => rows[row]?.kind === "heading",
  });
  const [pointed, setPointed] = useState("");
  const { box } = seen;
  const toToday = (): void => {
    if (box.current !== null) box.current.scrollLeft = x(Date.now()) - (box.current.clientWidth - NAMES) / 3;
  };
  useLayoutEffect(toToday, [zoom]);
  useKeys(({ key }) => {
    const todo = keysOf(zoom, toToday, (left) => box.current?.scrollBy({ left }))[key];
    todo?.();
    return todo !== undefined;
  });
  const now = x(Date.now());
  const above = groupAbove(rows, seen.top);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer alone; every row is a link that says the same.
    <div class="timeline" ref={box} onScroll={seen.onScroll} onMouseLeave={() => setPointed("")}>
      <div class="all" style={{ "--width": `${NAMES + width}px`, height: `${HEAD + rows.length * ROW_HEIGHT}px` }}>
        <Axis
          plan={plan}
          zoom={zoom}
          x={x}
          left={seen.left}
          width={seen.width}
          group={above === undefined ? "" : groupName(above, group)}
        />
        <Drawn plan={plan} seen={seen} x={x} now={now} group={group} onPoint={setPointed} />
        <Ties plan={plan} seen={[seen.from, seen.to]} x={x} now={now} pointed={pointed} width={width} />
      </div>
    </div>
  );
}

/** The rows that are near what is seen. */
function Drawn({
  plan: { rows },
  seen,
  x,
  now,
  group,
  onPoint,
}: {
  readonly plan: Plan;
  readonly seen: SeenRows;
  readonly x: (moment: number) => number;
  readonly now: number;
  readonly group: string;
  readonly onPoint: (id: string) => void;
}): JSX.Element {
  return (
    <ul aria-label={say.timeline.rows}>
      {rows.slice(seen.from, seen.to).map((row, n) => {
        const at = seen.from + n;
        return row.kind === "heading" ? (
          <HeadingRow key={`:${row.name}`} row={row} at={at} group={group} />
        ) : (
          <BarRow
            key={row.bar.card.id}
            bar={row.bar}
            at={at}
            of={rows.length}
            x={x}
            now={now}
            isTabStop={at === seen.at}
            onFocus={() => {
              seen.put(at);
              onPoint(row.bar.card.id);
            }}
            onPoint={() => onPoint(row.bar.card.id)}
          />
        );
      })}
    </ul>
  );
}

/** What keys do besides walking on the rows. */
function keysOf(
  zoom: Zoom,
  toToday: () => void,
  scroll: (left: number) => void,
): Readonly<Record<string, (() => void) | undefined>> {
  const look = (step: number): void => {
    const next = NEARER[NEARER.indexOf(zoom) + step];
    if (next !== undefined) setParams({ zoom: next });
  };
  return {
    "+": () => look(1),
    "=": () => look(1),
    "-": () => look(-1),
    "0": toToday,
    ArrowLeft: () => scroll(-200),
    ArrowRight: () => scroll(200),
  };
}
