import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { projects, readProjects } from "../data/projectList.ts";
import { route, setParams, ticketHref } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { inDays } from "../page/times.ts";
import { dayOf, number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Chart } from "./charts.tsx";
import * as flow from "./flow.ts";
import { ProjectChoice, ProjectTable } from "./projectTable.tsx";
import { Scatter } from "./scatter.tsx";
import { Tiles, Undated } from "./tiles.tsx";

/** So many days up to now; 0 for all there is. */
const RANGES = [14, 30, 90, 365, 0] as const;

/** How the work flows: the archive counts too. */
export function StatsView({ model }: { readonly model: Model }): JSX.Element {
  const { params } = useValue(route);
  const { project: word = "" } = params;
  const known = useValue(projects);
  const project = word === "" ? "" : (known.find(word)?.slug ?? word);
  const range = RANGES.find((days) => String(days) === params.days) ?? 30;
  const [tickets, setTickets] = useState<readonly flow.Counted[]>();
  const [failure, setFailure] = useState("");
  useEffect(() => {
    document.title = `${say.header.stats} · ${model.config.workflow} · ayo`;
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
      <h1 class="sr">{say.stats.heading(model.config.workflow)}</h1>
      <div class="toolbar">
        <label>
          {say.stats.time}{" "}
          <select value={range} onChange={(event) => setParams({ days: event.currentTarget.value })}>
            {RANGES.map((days) => (
              <option key={days} value={days}>
                {say.stats.ranges[days]}
              </option>
            ))}
          </select>
        </label>
        <ProjectChoice chosen={project} />
      </div>
      {failure === "" ? null : <p class="failure">{failure}</p>}
      {tickets === undefined ? (
        <p class="waiting">{say.stats.counting}</p>
      ) : (
        <Charts tickets={flow.ofProject(tickets, project, known.find)} days={range} chosen={project} />
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
  const labels = perDay.map(({ at }) => dayOf(at));
  const leads = took.map(({ lead }) => lead);
  const cycles = took.flatMap(({ cycle }) => cycle ?? []);
  return (
    <>
      <Undated count={undated} />
      <Tiles leads={leads} cycles={cycles} waits={waits.map((one) => one.days)} done={took.length} />
      <div class="charts">
        <Chart
          title={say.stats.flow}
          hint={say.stats.flowHint}
          kind="stacked"
          labels={labels}
          series={[
            { name: say.stats.finished, color: "done", values: perDay.map(({ finished }) => finished) },
            { name: say.categories.active, color: "active", values: perDay.map(({ working }) => working) },
            { name: say.categories.todo, color: "todo", values: perDay.map(({ waiting }) => waiting) },
          ]}
        />
        <Chart
          title={say.stats.burndown}
          hint={say.stats.burndownHint}
          kind="line"
          labels={labels}
          series={[
            { name: say.stats.left, color: "active", values: perDay.map(({ waiting, working }) => waiting + working) },
            {
              name: say.stats.all,
              color: "todo",
              values: perDay.map((day) => day.waiting + day.working + day.finished),
            },
          ]}
        />
        <Throughput weeks={weeks} />
        <Scatter
          title={say.stats.cycleTime}
          from={from}
          to={now}
          points={took.flatMap(({ id, title, at, cycle }) =>
            cycle === undefined
              ? []
              : [{ at, value: cycle, text: say.stats.point(id, inDays(cycle), title), href: ticketHref(id) }],
          )}
          lines={[
            { name: say.stats.median, value: flow.quantile(cycles, 0.5) },
            { name: say.stats.within85, value: flow.quantile(cycles, 0.85) },
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
      title={say.stats.throughput}
      hint={say.stats.throughputHint}
      kind="bars"
      labels={weeks.map(({ at }) => dayOf(at))}
      series={[
        { name: say.stats.created, color: "todo", values: weeks.map(({ created }) => created) },
        { name: say.stats.done, color: "done", values: weeks.map(({ done }) => done) },
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
    <section class="chart" aria-label={say.stats.workBy}>
      <h2>{say.stats.whoDidWhat}</h2>
      {work.length === 0 ? <p class="empty">{say.stats.nobodyFinished}</p> : null}
      <table>
        <thead>
          <tr>
            <th scope="col">{say.stats.who}</th>
            <th scope="col">{say.stats.done}</th>
            <th scope="col">{say.stats.inHand}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {work.slice(0, 15).map(({ name, done, inHand }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{number(done)}</td>
              <td>{number(inHand)}</td>
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
    <section class="chart" aria-label={say.stats.oldest}>
      <h2>{say.stats.longest}</h2>
      {oldest.length === 0 ? <p class="empty">{say.stats.nothingInProgress}</p> : null}
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
