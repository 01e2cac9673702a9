import * as v from "valibot";
import { readArchive } from "../../store/disk/archive/archive.ts";
import { isFinished, readStore, type View } from "../../store/disk/view.ts";
import { CATEGORIES, type Category } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import { groupByColumn } from "../board.ts";
import { action } from "../input/action.ts";
import { type Durations, durationsOf, isoWeek, lastWeeks } from "./times.ts";

/** How many tickets have a type or an assignee; `name` is null for those without one. */
export interface GroupCount {
  readonly name: string | null;
  readonly total: number;
  readonly unfinished: number;
}

/** A ticket that somebody works on, and since when. */
export interface InProgress {
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly since: string;
  readonly seconds: number;
}

/** The numbers of a store, its archive included. */
export interface Stats {
  readonly total: number;
  readonly archived: number;
  readonly unfinished: number;
  readonly ready: number;
  readonly blocked: number;
  readonly columns: readonly {
    readonly id: string;
    readonly name: string;
    readonly category: Category | null;
    readonly limit: number | null;
    readonly count: number;
  }[];
  readonly categories: Readonly<Record<Category, number>>;
  readonly types: readonly GroupCount[];
  readonly assignees: readonly GroupCount[];
  /** From created to closed, of done tickets. */
  readonly leadTime: Durations;
  /** From started to closed, of done tickets. */
  readonly cycleTime: Durations;
  /** What was created and done in each of the last eight ISO weeks (UTC), oldest first. */
  readonly weeks: readonly { readonly week: string; readonly created: number; readonly done: number }[];
  readonly oldestInProgress: readonly InProgress[];
  readonly problems: readonly Problem[];
}

const WEEKS = 8;
const OLDEST = 5;

/** `ayo ticket stats`. */
export const stats = action({
  name: "stats",
  summary: "Count tickets, and how long they take",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<Stats> => {
    const view = await readStore(store);
    const archived = await readArchive(store, view.byId);
    const all = [...view.tickets, ...archived];
    const done = all.filter((ticket) => categoryOf(view.board, ticket.status) === "done");
    return {
      total: all.length,
      archived: archived.length,
      unfinished: all.filter((ticket) => !isFinished(view.board, ticket.status)).length,
      ready: view.tickets.filter((ticket) => view.isReady(ticket)).length,
      blocked: view.tickets.filter((ticket) => view.isBlocked(ticket)).length,
      columns: groupByColumn(view, all).map(({ tickets, ...column }) => ({ ...column, count: tickets.length })),
      categories: countCategories(view, all),
      types: countBy(view, all, ({ fields }) => [fields.type ?? null]),
      assignees: countBy(view, all, ({ fields }) => fields.assignee ?? [null]),
      leadTime: durationsOf(done.map(({ fields }) => [fields.created, fields.closed])),
      cycleTime: durationsOf(done.map(({ fields }) => [fields.started, fields.closed])),
      weeks: countWeeks(view, all, done),
      oldestInProgress: oldestInProgress(view),
      problems: view.problems,
    };
  },
});

/** How many tickets are in each category. */
export function countCategories(view: View, tickets: readonly Ticket[]): Record<Category, number> {
  const counts = Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<Category, number>;
  for (const { status } of tickets) {
    const category = categoryOf(view.board, status);
    if (category !== undefined) counts[category]++;
  }
  return counts;
}

/** Most unfinished tickets first; a ticket counts for each of its names. */
function countBy(
  view: View,
  tickets: readonly Ticket[],
  namesOf: (ticket: Ticket) => readonly (string | null)[],
): GroupCount[] {
  const counts = new Map<string | null, { total: number; unfinished: number }>();
  for (const ticket of tickets) {
    for (const name of new Set(namesOf(ticket))) {
      const count = counts.get(name) ?? { total: 0, unfinished: 0 };
      count.total++;
      if (!isFinished(view.board, ticket.status)) count.unfinished++;
      counts.set(name, count);
    }
  }
  return [...counts]
    .map(([name, count]) => ({ name, ...count }))
    .sort((left, right) => right.unfinished - left.unfinished || right.total - left.total);
}

function countWeeks(view: View, all: readonly Ticket[], done: readonly Ticket[]): Stats["weeks"] {
  const created = countTimes(all.map(({ fields }) => fields.created));
  const closed = countTimes(done.map(({ fields }) => fields.closed));
  return lastWeeks(view.now, WEEKS).map((week) => ({
    week,
    created: created.get(week) ?? 0,
    done: closed.get(week) ?? 0,
  }));
}

function countTimes(times: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const time of times) {
    const moment = parseTime(time ?? "");
    if (moment === undefined) continue;
    const week = isoWeek(moment);
    counts.set(week, (counts.get(week) ?? 0) + 1);
  }
  return counts;
}

/** A ticket that was started before starts were recorded counts from its creation. */
function oldestInProgress(view: View): InProgress[] {
  return view.tickets
    .filter((ticket) => categoryOf(view.board, ticket.status) === "active")
    .flatMap(({ id, title, fields }) => {
      const since = fields.started ?? fields.created;
      const moment = parseTime(since ?? "");
      if (since === undefined || moment === undefined) return [];
      const by = fields.claimedBy ?? fields.assignee?.[0] ?? null;
      return [{ id, title, by, since, seconds: Math.max(0, Math.round((view.now - moment) / 1000)) }];
    })
    .sort((left, right) => right.seconds - left.seconds)
    .slice(0, OLDEST);
}
