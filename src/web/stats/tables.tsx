import type { ComponentChildren, JSX } from "preact";
import type { Group } from "../../ticket/stats/groups.ts";
import { projects } from "../data/projectList.ts";
import { Dot } from "../page/dot.tsx";
import { hrefOf, route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { money, number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import type { Answer, Spent } from "./answer.ts";
import { Listed, listHref, SlowestLink, timeText } from "./links.tsx";

/** As many rows are drawn. */
const SHOWN = 25;

/** A table of a section, with what its columns are called. */
function Table(p: {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
}): JSX.Element {
  return (
    <section class="chart figures" aria-label={p.title}>
      <h2>{p.title}</h2>
      <table>
        <thead>
          <tr>
            {p.head.map((name) =>
              name === "" ? (
                <td key={name} />
              ) : (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {p.rows.slice(0, SHOWN).map(({ key, cells: [first, ...rest] }) => (
            <tr key={key}>
              <th scope="row">{first}</th>
              {rest.map((cell, n) => (
                <td key={n}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {p.rows.length > SHOWN ? <p class="hint">{say.stats.more(p.rows.length - SHOWN)}</p> : null}
    </section>
  );
}

/** How long tickets stand in each column. */
export function ColumnTable({ columns }: { readonly columns: Answer["by"]["column"] }): JSX.Element {
  return (
    <Table
      title={say.stats.timeInColumns}
      head={[say.fields.status, say.stats.now, say.stats.leftIt, say.stats.median, say.stats.within85]}
      rows={columns.map(({ id, name, category, count, stays, list }) => ({
        key: id,
        cells: [
          <span class={`state ${category ?? "none"}`}>
            <i aria-hidden="true" /> {name}
          </span>,
          <Listed list={list} isNone={count === 0}>
            {number(count)}
          </Listed>,
          <SlowestLink of={stays} />,
          timeText(stays.medianSeconds),
          timeText(stays.p85Seconds),
        ],
      }))}
    />
  );
}

/** Who, or which project, has how much and gets how much done. */
export function GroupTable({
  title,
  groups,
  nameOf,
}: {
  readonly title: string;
  readonly groups: readonly Group[];
  readonly nameOf: (name: string | null) => ComponentChildren;
}): JSX.Element {
  return (
    <Table
      title={title}
      head={[...["", say.stats.open, say.stats.inHand, say.stats.done], ...[say.stats.cycle, say.stats.within85]]}
      rows={groups.map((group) => ({
        key: group.name ?? "",
        cells: [
          nameOf(group.name),
          ...(["open", "inHand", "done"] as const).map((of) => (
            <Listed list={group.lists[of]} isNone={group[of] === 0}>
              {number(group[of])}
            </Listed>
          )),
          timeText(group.cycleTime.medianSeconds),
          timeText(group.cycleTime.p85Seconds),
        ],
      }))}
    />
  );
}

/** A project's name: a way to its own statistics. */
export function ProjectName({ name }: { readonly name: string | null }): JSX.Element {
  const { find } = useValue(projects);
  if (name === null) return <span class="hint">{say.stats.noProject}</span>;
  const { slug = name, color = null, name: called = name } = find(name) ?? {};
  return (
    <>
      <Dot color={color} /> <a href={hrefOf("stats", { ...route.get().params, project: slug })}>{called}</a>
    </>
  );
}

/** What runs of agents cost; nothing where there was none. */
export function CostTable({ cost }: { readonly cost: Answer["cost"] }): JSX.Element | null {
  if (cost.runs === 0) return null;
  const rows = (by: "agents" | "projects" | "weeks", noName: string) => [
    { key: by, cells: [<span class="hint">{say.stats.costBy[by]}</span>] },
    ...cost[by].map((spent) => ({ key: `${by} ${spent.name}`, cells: [spent.name ?? noName, ...cells(spent)] })),
  ];
  return (
    <Table
      title={say.stats.cost}
      head={["", say.stats.runs, say.stats.cost, say.stats.notTold]}
      rows={[
        { key: "all", cells: [<b>{say.stats.all}</b>, ...cells(cost)] },
        ...rows("agents", ""),
        ...rows("projects", say.stats.noProject),
        ...rows("weeks", ""),
      ]}
    />
  );
}

function cells({ runs, cost, unknown, tickets }: Spent): ComponentChildren[] {
  return [
    <a href={listHref({ ids: tickets })}>{number(runs)}</a>,
    cost === null ? say.stats.unknown : money(cost),
    unknown === 0 ? "" : number(unknown),
  ];
}

/** When what is open is likely to be done. */
export function ForecastBox({ forecast }: { readonly forecast: Answer["forecast"] }): JSX.Element {
  const { open, weeks, created, by, why, list } = forecast;
  const done = weeks.reduce((sum, one) => sum + one, 0);
  return (
    <section class="chart forecast" aria-label={say.stats.forecast}>
      <h2>{say.stats.forecast}</h2>
      <p>
        <Listed list={list} isNone={open === 0}>
          {say.stats.openNow(open)}
        </Listed>{" "}
        {why === null ? (
          <span class="hint">{say.stats.fromWeeks(weeks.length, done, created)}</span>
        ) : (
          say.stats.whyNone[why]
        )}
      </p>
      <dl class="tiles">
        {by.map(({ percent: sure, date, days }) => (
          <div key={sure}>
            <dt>{say.stats.surely(sure)}</dt>
            <dd>
              <b>{date === null ? say.stats.never : say.stats.byDay(dayText(date))}</b>{" "}
              <span class="hint">{days === null ? "" : say.stats.inDays(days)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {why === null ? <p class="hint">{created > done ? say.stats.grows : say.stats.withoutNew}</p> : null}
    </section>
  );
}
