import type { View } from "../../store/disk/view.ts";
import { CATEGORIES, type Category } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Dated } from "../../ticket/stats/dated.ts";
import { isOver } from "../../ticket/stats/dated.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type ColumnGroup, groupByColumn } from "../board.ts";
import { isoWeek, lastWeeks } from "./times.ts";

/** How many tickets have a type or an assignee; `name` is null for those without one. */
export interface GroupCount {
  readonly name: string | null;
  readonly total: number;
  readonly unfinished: number;
}

/** A column and how many tickets are in it; a status that is no column has one of its own. */
export type ColumnCount = Omit<ColumnGroup, "tickets"> & { readonly count: number };

/** What was created and done in a week. */
export interface WeekCount {
  readonly week: string;
  readonly created: number;
  readonly done: number;
}

/** A ticket that somebody works on, and since when. */
export interface InProgress {
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly since: string;
  readonly seconds: number;
}

const WEEKS = 8;
const OLDEST = 5;

/** How many tickets are in each category. */
export function countCategories(view: View, tickets: readonly Ticket[]): Record<Category, number> {
  const counts = Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<Category, number>;
  for (const { status } of tickets) {
    const category = categoryOf(view.board, status);
    if (category !== undefined) counts[category]++;
  }
  return counts;
}

/** The columns of the board, then other statuses; `tickets` are the same, read for statistics. */
export function countColumns(view: View, found: readonly Ticket[], tickets: readonly Dated[]): ColumnCount[] {
  const counts = new Map<string, number>();
  // One of each says which columns there are: to put all of them in order would be for nothing.
  const first: Ticket[] = [];
  tickets.forEach(({ status }, at) => {
    const count = counts.get(status) ?? 0;
    if (count === 0) first.push(found[at] as Ticket);
    counts.set(status, count + 1);
  });
  return groupByColumn(view, first).map(({ tickets: _, ...column }) => ({
    ...column,
    count: counts.get(column.id) ?? 0,
  }));
}

/** Most unfinished tickets first; a ticket counts for each of its names. */
export function countBy(
  tickets: readonly Dated[],
  namesOf: (ticket: Dated) => readonly (string | null)[],
): GroupCount[] {
  const counts = new Map<string | null, { total: number; unfinished: number }>();
  for (const ticket of tickets) {
    for (const name of new Set(namesOf(ticket))) {
      const count = counts.get(name) ?? { total: 0, unfinished: 0 };
      count.total++;
      if (!isOver(ticket)) count.unfinished++;
      counts.set(name, count);
    }
  }
  return [...counts]
    .map(([name, count]) => ({ name, ...count }))
    .sort((left, right) => right.unfinished - left.unfinished || right.total - left.total);
}

/** The last ISO weeks, the oldest first. */
export function countWeeks(tickets: readonly Dated[], now: number): WeekCount[] {
  const created = countTimes(tickets.map((ticket) => ticket.created));
  const done = countTimes(tickets.flatMap(({ category, closed }) => (category === "done" ? [closed] : [])));
  return lastWeeks(now, WEEKS).map((week) => ({ week, created: created.get(week) ?? 0, done: done.get(week) ?? 0 }));
}

function countTimes(moments: readonly (number | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const moment of moments) {
    if (moment === undefined) continue;
    const week = isoWeek(moment);
    counts.set(week, (counts.get(week) ?? 0) + 1);
  }
  return counts;
}

/** A ticket that was started before starts were recorded counts from its creation. */
export function oldestInProgress(tickets: readonly Dated[], view: View): InProgress[] {
  return tickets
    .filter(({ category }) => category === "active")
    .flatMap(({ id, started, created }) => {
      const [since, ticket] = [started ?? created, view.byId.get(id)];
      return since === undefined || ticket === undefined ? [] : [{ ticket, since }];
    })
    .sort((left, right) => left.since - right.since)
    .slice(0, OLDEST)
    .map(({ ticket: { id, title, fields }, since }) => ({
      id,
      title,
      by: fields.claimedBy ?? fields.assignee?.[0] ?? null,
      since: (fields.started ?? fields.created) as string,
      seconds: Math.max(0, Math.round((view.now - since) / 1000)),
    }));
}
