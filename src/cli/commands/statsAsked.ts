import type { ColumnFlow } from "../../actions/stats/breakdown.ts";
import type { Cost, Spent, SpentBy } from "../../actions/stats/cost.ts";
import type { Stats } from "../../actions/stats/stats.ts";
import type { Group } from "../../ticket/stats/groups.ts";
import { formatDuration } from "../../ticket/time.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Context } from "../table/command.ts";

/** As many rows are printed; --json has them all. */
const SHOWN = 30;

/** What was asked for besides the counts, as a text. */
export function askedSections({ by, forecast, cost, since }: Stats, { paint }: Context): string[][] {
  const day = since.slice(0, 10);
  return [
    ...(by?.column === undefined ? [] : [columnTable(by.column, day)]),
    ...(by?.project === undefined ? [] : [groupTable("project", by.project, day)]),
    ...(by?.agent === undefined ? [] : [groupTable("agent", by.agent, day)]),
    ...(cost === undefined ? [] : [costTable(cost, day)]),
    ...(forecast === undefined ? [] : [forecastLines(forecast, (text) => paint.green(text))]),
  ];
}

function columnTable(columns: readonly ColumnFlow[], day: string): string[] {
  return [
    `time in each column, of tickets that left it since ${day}`,
    ...table(
      ["column", "now", "left", "median", "85 % within"],
      columns.map(({ name, count, stays }) => [
        plain(name),
        String(count),
        String(stays.count),
        time(stays.medianSeconds),
        time(stays.p85Seconds),
      ]),
    ),
  ];
}

function groupTable(title: string, groups: readonly Group[], day: string): string[] {
  return [
    `by ${title}; done, and how long that took, since ${day}`,
    ...table(
      [title, "open", "in hand", "done", "cycle time", "85 % within"],
      groups.map(({ name, open, inHand, done, cycleTime }) => [
        plain(name ?? "(none)"),
        String(open),
        String(inHand),
        String(done),
        time(cycleTime.medianSeconds),
        time(cycleTime.p85Seconds),
      ]),
    ),
  ];
}

function costTable({ agents, projects, weeks, ...all }: Cost, day: string): string[] {
  const rows = (title: string, some: readonly SpentBy[]): string[] =>
    table(
      [title, "runs", "cost", "not told", "tokens"],
      some.map(({ name, ...spent }) => [plain(name ?? "(none)"), ...spentCells(spent)]),
    );
  if (all.runs === 0) return [`cost: no run of an agent ended on this machine since ${day}`];
  const [runs, cost, unknown] = spentCells(all);
  return [
    `cost since ${day}: ${cost} for ${runs} ${all.runs === 1 ? "run" : "runs"}${unknown === "0" ? "" : `; ${unknown} did not tell what they cost`}`,
    ...rows("agent", agents),
    ...rows("project", projects),
    ...rows("week", weeks),
  ];
}

function spentCells({ runs, cost, unknown, tokens }: Spent): string[] {
  const dollars = cost === null ? "unknown" : `$${cost.toFixed(2)}`;
  return [String(runs), dollars, String(unknown), tokens === null ? "unknown" : String(tokens)];
}

const WHY = {
  nothing_open: "nothing is open",
  short_history: "tickets have been there for less than four weeks: too little to tell",
  little_done: "fewer than five were done in these weeks: too little to tell",
} as const;

function forecastLines(
  { open, weeks, created, by, why }: NonNullable<Stats["forecast"]>,
  paint: (text: string) => string,
): string[] {
  if (why !== null) return [`forecast of ${open} open: none, ${WHY[why]}`];
  const done = weeks.reduce((sum, one) => sum + one, 0);
  return [
    `forecast of ${open} open, from the last ${weeks.length} weeks (${done} done, ${created} created):`,
    ...by.map(({ percent, date, days }) =>
      date === null
        ? `  ${percent} %: later than in ten years`
        : `  ${percent} %: by ${paint(date)}, in ${days} ${days === 1 ? "day" : "days"}`,
    ),
    ...(created > done ? ["  more was created than done: with what is still added it takes longer"] : []),
  ];
}

function time(seconds: number | null): string {
  return seconds === null ? "–" : formatDuration(seconds * 1000);
}

/** The first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown = [head, ...rows.slice(0, SHOWN)];
  const widths = head.map((_, at) => Math.max(...shown.map((row) => widthOf(row[at] ?? ""))));
  const lines = shown.map((row) =>
    row
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        return at === 0 ? fillTo(cell, width) : " ".repeat(Math.max(0, width - widthOf(cell))) + cell;
      })
      .join("  "),
  );
  return rows.length > SHOWN ? [...lines, `… ${rows.length - SHOWN} more: --json`] : lines;
}
