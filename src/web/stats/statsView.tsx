import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { projects, readProjects } from "../data/projectList.ts";
import { route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { inDays } from "../page/times.ts";
import { Chart } from "./charts.tsx";
import * as flow from "./flow.ts";
import { ProjectChoice, ProjectTable } from "./projectTable.tsx";
import { Scatter } from "./scatter.tsx";
import { Tiles, Undated } from "./tiles.tsx";

const RANGES = [
  ["14", "two weeks"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
  ["0", "all"],
] as const;

/** How the work flows: the archive counts too. */
export function StatsView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { project: word = "" } = params;
  const known = useValue(projects);
  const project = word === "" ? "" : (known.find(word)?.slug ?? word);
  const range = RANGES.find(([days]) => days === params.days)?.[0] ?? "30";
  const [tickets, setTickets] = useState<readonly flow.Counted[]>();
  const [failure, setFailure] = useState("");
  useEffect(() => {
    document.title = `Statistics · ${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  useEffect(() => {
    const stop = new AbortController();
    // Counting everything anew at each change of a busy store would be too much.
    const timer = setTimeout(
      () => {
        call<{ tickets: flow.Counted[] }>(`/tickets?all=true&limit=1000000&fields=${flow.COUNTED}`, {
          signal: stop.signal,
        }).then(
          (answer) => {
            setTickets(answer.tickets);
            setFailure("");
            void readProjects();
          },
          (error: Error) => error.name !== "AbortError" && setFailure(error.message),
        );
      },
      tickets === undefined ? 0 : 800,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [model]);
  return (
    <>
      <h1 class="sr">Statistics of {model.config.workflow}</h1>
      <div class="toolbar">
        <label>
          Time{" "}
          <select value={range} onChange={(event) => setParams({ days: event.currentTarget.value })}>
            {RANGES.map(([days, name]) => (
              <option key={days} value={days}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <ProjectChoice chosen={project} />
      </div>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      {tickets === undefined ? (
        <p class="waiting">Counting…</p>
      ) : (
        <Charts tickets={flow.ofProject(tickets, project, known.find)} days={Number(range)} chosen={project} />
      )}
    </>
  );
}

interface ChartsProps {
  readonly tickets: readonly flow.Counted[];
  readonly days: number;
  /** The project whose tickets they are; "" for all. */
  readonly chosen: string;
}

function Charts({ tickets, days, chosen }: ChartsProps): JSX.Element {
  const figures = useMemo(() => figuresOf(tickets, days), [tickets, days]);
  const { now, from, perDay, weeks, took, waits, work, oldest, undated } = figures;
  const labels = perDay.map(({ at }) => dayName(at));
  const leads = took.map(({ lead }) => lead);
  const cycles = took.flatMap(({ cycle }) => cycle ?? []);
  return (
    <>
      <Undated count={undated} />
      <Tiles leads={leads} cycles={cycles} waits={waits.map((one) => one.days)} done={took.length} />
      <div class="charts">
        <Chart
          title="Cumulative flow"
          hint="how many tickets were finished, worked on and waiting"
          kind="stacked"
          labels={labels}
          series={[
            { name: "finished", color: "done", values: perDay.map(({ finished }) => finished) },
            { name: "in progress", color: "active", values: perDay.map(({ working }) => working) },
            { name: "to do", color: "todo", values: perDay.map(({ waiting }) => waiting) },
          ]}
        />
        <Chart
          title="Burndown"
          hint="what was left to do, and all there was"
          kind="line"
          labels={labels}
          series={[
            { name: "left", color: "active", values: perDay.map(({ waiting, working }) => waiting + working) },
            { name: "all", color: "todo", values: perDay.map((day) => day.waiting + day.working + day.finished) },
          ]}
        />
        <Throughput weeks={weeks} />
        <Scatter
          title="Cycle time"
          from={from}
          to={now}
          points={took.flatMap(({ id, title, at, cycle }) =>
            cycle === undefined
              ? []
              : [{ at, value: cycle, text: `${id}: ${inDays(cycle)}, ${title}`, href: ticketHref(id) }],
          )}
          lines={[
            { name: "median", value: flow.quantile(cycles, 0.5) },
            { name: "85 of 100 within", value: flow.quantile(cycles, 0.85) },
          ]}
        />
        <ProjectTable chosen={chosen} />
        <Work work={work} />
        <Oldest oldest={oldest} />
      </div>
    </>
  );
}

function Throughput({ weeks }: Pick<ReturnType<typeof figuresOf>, "weeks">): JSX.Element {
  return (
    <Chart
      title="Throughput"
      hint="created and done, week by week"
      kind="bars"
      labels={weeks.map(({ at }) => dayName(at))}
      series={[
        { name: "created", color: "todo", values: weeks.map(({ created }) => created) },
        { name: "done", color: "done", values: weeks.map(({ done }) => done) },
      ]}
    />
  );
}

function figuresOf(tickets: readonly flow.Counted[], days: number) {
  const now = Date.now();
  const from = flow.firstDay(tickets, days, now);
  return {
    now,
    from,
    perDay: flow.daysOf(tickets, from, now),
    weeks: flow.weeksOf(tickets, from, now),
    took: flow.tookOf(tickets, from),
    waits: flow.waitsOf(tickets, from, now),
    work: flow.workOf(tickets, from),
    oldest: flow.oldestOf(tickets, now),
    undated: flow.undatedOf(tickets),
  };
}

function Work({ work }: { readonly work: ReturnType<typeof flow.workOf> }): JSX.Element {
  const most = Math.max(1, ...work.map(({ done, inHand }) => done + inHand));
  return (
    <section class="chart" aria-label="Work by agent">
      <h2>Who did what</h2>
      {work.length === 0 ? <p class="empty">Nobody finished anything in this time.</p> : null}
      <table>
        <thead>
          <tr>
            <th scope="col">who</th>
            <th scope="col">done</th>
            <th scope="col">in hand</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {work.slice(0, 15).map(({ name, done, inHand }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{done}</td>
              <td>{inHand}</td>
              <td class="bars">
                <i class="done" style={{ width: `${(done / most) * 100}%` }} />
                <i class="active" style={{ width: `${(inHand / most) * 100}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Oldest({ oldest }: { readonly oldest: ReturnType<typeof flow.oldestOf> }): JSX.Element {
  return (
    <section class="chart" aria-label="Oldest in progress">
      <h2>Longest in progress</h2>
      {oldest.length === 0 ? <p class="empty">Nothing is in progress.</p> : null}
      <ul class="named">
        {oldest.map(({ id, title, assignee, days }) => (
          <li key={id}>
            <a href={ticketHref(id)}>
              <span class="id">{id}</span> <span dir="auto">{title}</span>
            </a>
            <span class="hint">
              {assignee ?? ""} {inDays(days)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function dayName(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
