import * as v from "valibot";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Category } from "../../ticket/rules/board.ts";
import { isOver } from "../../ticket/stats/dated.ts";
import { cycleOf, type Durations, durationsOf, leadOf } from "../../ticket/stats/durations.ts";
import { firstDay } from "../../ticket/stats/flow.ts";
import { type Forecast, forecastOf } from "../../ticket/stats/forecast.ts";
import { listOf, OPEN } from "../../ticket/stats/lists.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { action, flag, optionalList } from "../input/action.ts";
import { query } from "../list.ts";
import { type BrokenDown, breakDown, breakdownsIn } from "./breakdown.ts";
import { type Cost, costOf } from "./cost.ts";
import {
  type ColumnCount,
  countBy,
  countCategories,
  countColumns,
  countWeeks,
  type GroupCount,
  type InProgress,
  oldestInProgress,
  type WeekCount,
} from "./counts.ts";
import { type Flow, flowOf } from "./flow.ts";
import { readScope, type Scope } from "./scope.ts";

/** The numbers of a store, its archive included. */
export interface Stats {
  readonly total: number;
  readonly archived: number;
  readonly unfinished: number;
  readonly ready: number;
  readonly blocked: number;
  readonly columns: readonly ColumnCount[];
  readonly categories: Readonly<Record<Category, number>>;
  readonly types: readonly GroupCount[];
  readonly assignees: readonly GroupCount[];
  /** From created to closed, of done tickets. */
  readonly leadTime: Durations;
  /** From started to closed, of done tickets. */
  readonly cycleTime: Durations;
  /** What was created and done in each of the last eight ISO weeks (UTC), oldest first. */
  readonly weeks: readonly WeekCount[];
  readonly oldestInProgress: readonly InProgress[];
  readonly problems: readonly Problem[];
  /** When the time begins that `by`, `flow` and `cost` look at. */
  readonly since: string;
  /** The rest is there where it was asked for. */
  readonly by?: BrokenDown;
  readonly forecast?: Forecast & { readonly list: string | null };
  readonly cost?: Cost;
  readonly flow?: Flow;
}

/** So many days are looked at where nobody says. */
const DAYS = 30;

/** `ayo ticket stats`. */
export const stats = action({
  name: "stats",
  summary: "Count tickets, how long they take, what they cost, and when they are likely to be done",
  writes: false,
  input: v.object({
    query,
    by: optionalList("broken down by these: column, project, agent"),
    forecast: flag("when what is open is likely to be done"),
    cost: flag("what the runs of agents on this machine cost"),
    flow: flag("day by day and week by week, for charts"),
    days: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.description("so many days up to now; 30 unless told, 0: all")),
    ),
  }),
  run: async (store, { query: filter = "", days = DAYS, ...asked }): Promise<Stats> => {
    const view = await readStore(store);
    const scope = await readScope(store, view, filter);
    const from = firstDay(scope.tickets, days, view.now);
    const counts = countsOf(view, scope);
    const { columns } = counts;
    return {
      ...counts,
      since: formatTime(from),
      ...(asked.by === undefined
        ? {}
        : { by: await breakDown(store, scope, { by: breakdownsIn(asked.by), from, columns }) }),
      ...(asked.forecast ? { forecast: forecastIn(scope) } : {}),
      ...(asked.cost ? { cost: costOf(store, scope, from) } : {}),
      ...(asked.flow ? { flow: flowOf(scope, from) } : {}),
    };
  },
});

function countsOf(view: View, { tickets, found, archived }: Scope): Omit<Stats, "since"> {
  const active = found.filter(({ path }) => !path.startsWith("archive/"));
  const done = tickets.filter(({ category }) => category === "done");
  return {
    total: found.length,
    archived,
    unfinished: tickets.filter((ticket) => !isOver(ticket)).length,
    ready: active.filter((ticket) => view.isReady(ticket)).length,
    blocked: active.filter((ticket) => view.isBlocked(ticket)).length,
    columns: countColumns(view, found, tickets),
    categories: countCategories(view, found),
    types: countBy(tickets, ({ type }) => [type ?? null]),
    assignees: countBy(tickets, ({ assignees }) => (assignees.length === 0 ? [null] : assignees)),
    leadTime: durationsOf(done.map(leadOf)),
    cycleTime: durationsOf(done.map(cycleOf)),
    weeks: countWeeks(tickets, view.now),
    oldestInProgress: oldestInProgress(tickets, view),
    problems: view.problems,
  };
}

function forecastIn({ tickets, view, filter }: Scope): NonNullable<Stats["forecast"]> {
  return { ...forecastOf(tickets, view.now), list: listOf(filter, OPEN) };
}
