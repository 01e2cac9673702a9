import type { JSX } from "preact";
import { DAY } from "../../ticket/stats/dated.ts";
import { atEndOf, createdIn, doneIn, type Figure, listOf, OVER } from "../../ticket/stats/lists.ts";
import { ticketHref } from "../page/router.ts";
import { dayOf } from "../words/forms.ts";
import { say } from "../words/say.ts";
import type { Answer } from "./answer.ts";
import { Chart } from "./charts.tsx";
import { listHref, timeText } from "./links.tsx";
import { ProjectTable } from "./projectTable.tsx";
import { Scatter } from "./scatter.tsx";
import { ColumnTable, CostTable, ForecastBox, GroupTable, ProjectName } from "./tables.tsx";
import { Tiles, Undated } from "./tiles.tsx";

/** All that is shown of what was counted, in the scope of a filter. */
export function Charts({
  counted,
  filter,
  chosen,
}: {
  readonly counted: Answer;
  readonly filter: string;
  /** The project that was chosen; "" for all. */
  readonly chosen: string;
}): JSX.Element {
  const { flow, by, forecast, cost, oldestInProgress, since } = counted;
  const from = Date.parse(since);
  const href = (figure: Figure): string => listHref({ list: listOf(filter, figure) ?? "" });
  return (
    <>
      <Undated flow={flow} />
      <Tiles flow={flow} />
      <div class="charts">
        <ForecastBox forecast={forecast} />
        <DayCharts counted={counted} href={href} />
        <Throughput weeks={flow.weeks} href={href} />
        <Scatter
          title={say.stats.cycleTime}
          from={from}
          to={Date.now()}
          points={flow.took.map(([id, at, seconds]) => ({ id, at: Date.parse(at), value: seconds / (DAY / 1000) }))}
          lines={[
            { name: say.stats.median, value: inDays(flow.cycleTime.medianSeconds) },
            { name: say.stats.within85, value: inDays(flow.cycleTime.p85Seconds) },
          ]}
        />
        <ColumnTable columns={by.column} />
        <GroupTable
          title={say.stats.whoDidWhat}
          groups={by.agent}
          nameOf={(name) => (name === null ? <span class="hint">{say.nobody}</span> : name)}
        />
        <GroupTable title={say.stats.byProject} groups={by.project} nameOf={(name) => <ProjectName name={name} />} />
        <ProjectTable chosen={chosen} />
        <CostTable cost={cost} />
        <Oldest oldest={oldestInProgress} />
      </div>
    </>
  );
}

/** How things stood day by day, as a pile and as what was left. */
function DayCharts({
  counted: { flow, since },
  href,
}: {
  readonly counted: Answer;
  readonly href: (figure: Figure) => string;
}): JSX.Element {
  const from = Date.parse(since);
  const days = flow.days.map((_, n) => from + n * DAY);
  const labels = days.map(dayOf);
  const day = (of: (day: Answer["flow"]["days"][number]) => number): readonly number[] => flow.days.map(of);
  return (
    <>
      <Chart
        title={say.stats.flow}
        hint={say.stats.flowHint}
        kind="stacked"
        labels={labels}
        series={[
          { name: say.stats.finished, color: "done", values: day(([, , finished]) => finished) },
          { name: say.categories.active, color: "active", values: day(([, working]) => working) },
          { name: say.categories.todo, color: "todo", values: day(([waiting]) => waiting) },
        ]}
        hrefAt={(place, series) => {
          const { finished, working, waiting } = atEndOf(days[place] as number);
          return href([finished, working, waiting][series] ?? OVER);
        }}
      />
      <Chart
        title={say.stats.burndown}
        hint={say.stats.burndownHint}
        kind="line"
        labels={labels}
        series={[
          { name: say.stats.left, color: "active", values: day(([waiting, working]) => waiting + working) },
          { name: say.stats.all, color: "todo", values: day(([waiting, working, over]) => waiting + working + over) },
        ]}
        hrefAt={(place, series) => {
          const { finished, working, waiting } = atEndOf(days[place] as number);
          return href([...working, ...waiting, ...(series === 0 ? [] : finished)]);
        }}
      />
    </>
  );
}

function inDays(seconds: number | null): number | undefined {
  return seconds === null ? undefined : seconds / (DAY / 1000);
}

function Throughput({
  weeks,
  href,
}: Pick<Answer["flow"], "weeks"> & { readonly href: (figure: Figure) => string }): JSX.Element {
  const mondays = weeks.map(({ week }) => Date.parse(week));
  return (
    <Chart
      title={say.stats.throughput}
      hint={say.stats.throughputHint}
      kind="bars"
      labels={mondays.map(dayOf)}
      series={[
        { name: say.stats.created, color: "todo", values: weeks.map(({ created }) => created) },
        { name: say.stats.done, color: "done", values: weeks.map(({ done }) => done) },
      ]}
      hrefAt={(place, series) => {
        const monday = mondays[place] as number;
        return href((series === 0 ? createdIn : doneIn)(monday, monday + 7 * DAY));
      }}
    />
  );
}

function Oldest({ oldest }: { readonly oldest: Answer["oldestInProgress"] }): JSX.Element {
  return (
    <section class="chart" aria-label={say.stats.oldest}>
      <h2>{say.stats.longest}</h2>
      {oldest.length === 0 ? <p class="empty">{say.stats.nothingInProgress}</p> : null}
      <ul class="named">
        {oldest.map(({ id, title, by, seconds }) => (
          <li key={id}>
            <a href={ticketHref(id)}>
              <span class="id">{id}</span> <span dir="auto">{title}</span>
            </a>
            <span class="hint">
              {by ?? ""} {timeText(seconds)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
