import { invoke } from "../../actions/input/action.ts";
import type { GroupCount } from "../../actions/stats/counts.ts";
import { type Stats, stats as statsAction } from "../../actions/stats/stats.ts";
import { formatDuration } from "../../ticket/time.ts";
import { colourOf, warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { askedSections } from "./statsAsked.ts";

const BAR_WIDTH = 30;
/** As many names of a group are printed; --json has them all. */
const SHOWN = 12;

/** `ayo ticket stats`. */
export const stats: Command = {
  name: "ticket stats",
  summary: statsAction.summary,
  positionals: [{ name: "filter", required: false, many: true }],
  flags: flagsOf(statsAction.input, { omit: ["query"] }),
  examples: [
    ["ayo ticket stats", "counts, times and the last eight weeks, archive included"],
    ["ayo ticket stats --by agent,project", "who did how much in the last 30 days, and how fast"],
    ["ayo ticket stats --by column --days 90", "how long tickets stand in each column"],
    ["ayo ticket stats --forecast project:web", "when what is open of a project is likely to be done"],
    ["ayo ticket stats --cost", "what agents' runs cost"],
    ["ayo ticket stats --json | jq .leadTime.medianSeconds", "for programs"],
  ],
  run: async (context, { words, flags }) => {
    const query = words.join(" ");
    const input = { ...flags, ...(query === "" ? {} : { query }) };
    const counted = await invoke(statsAction, context.store(), input as never);
    warnProblems(context, counted.problems);
    const { by, forecast, cost } = counted;
    const isAsked = by !== undefined || forecast !== undefined || cost !== undefined;
    const text = isAsked ? askedPage(counted, context) : pageOf(counted, context);
    return { json: { ...counted }, text, ids: counted.oldestInProgress.map(({ id }) => id) };
  },
};

function askedPage(counted: Stats, context: Context): string {
  return [[totalLine(counted)], ...askedSections(counted, context)].map((lines) => lines.join("\n")).join("\n\n");
}

function pageOf(counted: Stats, context: Context): string {
  const sections = [
    [totalLine(counted)],
    columnLines(counted, context),
    groupLines("types", counted.types),
    groupLines("assignees", counted.assignees),
    [
      timeLine("lead time", "created to done", counted.leadTime),
      timeLine("cycle time", "started to done", counted.cycleTime),
    ],
    weekLines(counted, context),
    oldestLines(counted, context),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** How many tickets, and how they stand. */
function totalLine({ total, archived, unfinished, ready, blocked }: Stats): string {
  const tickets = total === 1 ? "1 ticket" : `${total} tickets`;
  const where = archived === 0 ? "" : `, ${archived} of them archived`;
  return `${tickets}${where}: ${unfinished} unfinished, ${ready} ready, ${blocked} blocked`;
}

function columnLines({ columns }: Stats, { paint }: Context): string[] {
  const names = columns.map(({ name }) => plain(name));
  const width = Math.max(...names.map(widthOf));
  return columns.map(({ category, count, limit }, at) => {
    const name = colourOf(category, paint)(fillTo(names[at] ?? "", width));
    const isOver = limit !== null && count > limit;
    return `${name} ${String(count).padStart(6)}${limit === null ? "" : ` of ${limit}`}${isOver ? paint.red(" !") : ""}`;
  });
}

function groupLines(title: string, groups: readonly GroupCount[]): string[] {
  if (groups.length === 0) return [];
  const shown = groups.slice(0, SHOWN);
  const names = [title, ...shown.map(({ name }) => plain(name ?? "(none)"))];
  const width = Math.max(...names.map(widthOf));
  const more = groups.length > shown.length ? [`… ${groups.length - shown.length} more: --json`] : [];
  return [
    `${fillTo(title, width)} unfinished  total`,
    ...shown.map(({ total, unfinished }, at) => {
      const name = fillTo(names[at + 1] ?? "", width);
      return `${name} ${String(unfinished).padStart(10)} ${String(total).padStart(6)}`;
    }),
    ...more,
  ];
}

function timeLine(name: string, what: string, { count, medianSeconds, p85Seconds }: Stats["leadTime"]): string {
  const label = `${name.padEnd(10)} (${what})`;
  if (medianSeconds === null || p85Seconds === null) return `${label}: nothing yet`;
  const tickets = count === 1 ? "1 ticket" : `${count} tickets`;
  const [median, most] = [medianSeconds, p85Seconds].map((seconds) => formatDuration(seconds * 1000));
  return `${label}: median ${median}, 85 % within ${most}, ${tickets}`;
}

function weekLines({ weeks }: Stats, { paint }: Context): string[] {
  const most = Math.max(1, ...weeks.map(({ done }) => done));
  return [
    "week      created   done",
    ...weeks.map(({ week, created, done }) => {
      const bar = paint.green("█".repeat(Math.ceil((done / most) * BAR_WIDTH)));
      return `${week}  ${String(created).padStart(7)} ${String(done).padStart(6)} ${bar}`.trimEnd();
    }),
  ];
}

function oldestLines({ oldestInProgress }: Stats, { paint }: Context): string[] {
  if (oldestInProgress.length === 0) return [];
  return [
    "longest in progress",
    ...oldestInProgress.map(({ id, title, by, seconds }) => {
      const who = by === null ? "" : ` ${paint.yellow(plain(by))}`;
      return `${paint.cyan(plain(id))} ${formatDuration(seconds * 1000)}${who} ${plain(title)}`;
    }),
  ];
}
