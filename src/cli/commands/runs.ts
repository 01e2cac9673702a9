import { invoke } from "../../actions/input/action.ts";
import type { RunJson } from "../../actions/runs/runJson.ts";
import { runList as listAction, type RunList } from "../../actions/runs/runList.ts";
import { runLog as logAction } from "../../actions/runs/runLog.ts";
import { runShow as showAction } from "../../actions/runs/runShow.ts";
import { runStop as stopAction } from "../../actions/runs/runStop.ts";
import { saidBy } from "../../actions/runs/saidBy.ts";
import type { LoggedEvent } from "../../store/runs/runEvents.ts";
import { formatDuration, parseTime } from "../../ticket/time.ts";
import { plain } from "../print/print.ts";
import { fillTo, truncate, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** How often a log is looked at that is followed; in milliseconds. */
const FOLLOW_MS = 250;
/** Titles get at least this much; in cells. */
const MIN_TITLE = 20;

/** `ayo run list [id]`. */
export const runList: Command = {
  name: "run list",
  summary: listAction.summary,
  positionals: [{ name: "id", required: false, complete: "id" }],
  flags: flagsOf(listAction.input, { omit: ["id"] }),
  examples: [
    ["ayo run list", "at work first, then the last that ended"],
    ["ayo run list ayo-x7k2", "of one ticket"],
    ["ayo run list --live", "only those at work"],
    ["ayo run list --since 1d --agent @coder", "of a day and an agent, with what they used"],
  ],
  run: async (context, { words: [id], flags }): Promise<Answer> => {
    const answer = await invoke(listAction, context.store(), {
      ...flags,
      ...(id === undefined ? {} : { id }),
    } as never);
    return { json: { ...answer }, text: table(context, answer), ids: answer.runs.map(({ run }) => run) };
  },
};

/** `ayo run show <run>`. */
export const runShow: Command = {
  name: "run show",
  summary: showAction.summary,
  positionals: [{ name: "run", required: true, complete: "id" }],
  flags: {},
  examples: [
    ["ayo run show ayo-x7k2", "the last run of a ticket"],
    ["ayo run show ayo-x7k2/3", "the third"],
  ],
  run: async (context, { words: [run = ""] }): Promise<Answer> => {
    const answer = await invoke(showAction, context.store(), { run });
    const { events, folder, run: shown } = answer;
    const lines = [
      page(shown, context),
      "",
      ...events.map((event) => eventLine(event, context)),
      "",
      `files: ${plain(folder)}`,
    ];
    return { json: { ...answer }, text: lines.join("\n"), ids: [shown.run] };
  },
};

/** `ayo run log <run> [-f]`. */
export const runLog: Command = {
  name: "run log",
  summary: logAction.summary,
  positionals: [{ name: "run", required: true, complete: "id" }],
  flags: {
    ...flagsOf(logAction.input, { omit: ["run"] }),
    follow: { type: "boolean", describe: "go on until the run is over, or Ctrl-C", alias: ["f"] },
  },
  examples: [
    ["ayo run log ayo-x7k2", "the last 200 events of a ticket's last run"],
    ["ayo run log ayo-x7k2 -f", "and what comes"],
    ["ayo run log ayo-x7k2/1 --json", "for programs"],
  ],
  run: async (context, { words: [run = ""], flags: { follow, ...flags } }): Promise<Answer> => {
    const store = context.store();
    let answer = await invoke(logAction, store, { run, ...flags } as never);
    if (follow !== true) {
      const text = answer.events.map((event) => eventLine(event, context)).join("\n");
      return { json: { ...answer }, text };
    }
    const end = context.untilSignal().then(() => "end" as const);
    for (;;) {
      for (const event of answer.events) context.out(`${eventLine(event, context)}\n`);
      if (answer.run.state === "ended") break;
      const after = new Promise<"look">((resolve) => setTimeout(() => resolve("look"), FOLLOW_MS));
      if ((await Promise.race([end, after])) === "end") break;
      answer = await invoke(logAction, store, { run: answer.run.run, after: answer.next });
    }
    return { json: undefined, text: "" };
  },
};

/** `ayo run stop <run>`. */
export const runStop: Command = {
  name: "run stop",
  summary: stopAction.summary,
  positionals: [{ name: "run", required: true, complete: "id" }],
  flags: flagsOf(stopAction.input, { omit: ["run"] }),
  examples: [["ayo run stop ayo-x7k2", "the program and all that it started; the ticket is given back"]],
  run: async (context, { words: [run = ""], flags }): Promise<Answer> => {
    const answer = await invoke(stopAction, context.store(), { ...flags, run } as never);
    for (const notice of answer.notices) context.warn(`note: ${plain(notice)}`);
    if (answer.dryRun) context.warn("dry run: nothing was changed");
    const text = answer.stopped ? `Stopped ${plain(answer.run.run)}` : `${plain(answer.run.run)} is to be stopped`;
    return { json: { ...answer }, text, ids: [answer.run.run] };
  },
};

function table({ paint, columns, host, tty }: Context, { runs, total, tokens, cost }: RunList): string {
  if (runs.length === 0) return "no runs on this machine; 'ayo work' starts agents for the tickets that are theirs";
  const rows = runs.map((run) => [run.run, run.agent, standing(run), timeOf(run, host.now()), used(run)].map(plain));
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? "")))) ?? [];
  const lines = rows.map((row, at) => {
    const left = row.map((cell, column) => fillTo(cell, widths[column] ?? 0)).join("  ");
    const room = Math.max(MIN_TITLE, columns - widthOf(left) - 2);
    const title = plain(runs[at]?.title ?? "");
    return `${left}  ${tty.stdout ? truncate(title, room) : title}`.trimEnd();
  });
  const more = total > runs.length ? [paint.dim(`${runs.length} of ${total}; --limit ${total} for all`)] : [];
  const sum = [
    ...(tokens > 0 ? [`${tokens.toLocaleString("en-US")} tokens`] : []),
    ...(cost > 0 ? [`$${cost.toFixed(2)}`] : []),
  ];
  const all = sum.length === 0 ? [] : [paint.dim(`${total} ${total === 1 ? "run" : "runs"}: ${sum.join(", ")}`)];
  return [...lines, ...more, ...all].join("\n");
}

/** `running`, `running alone`, `ok`, `failed`. */
function standing({ state, outcome, attended, gone }: RunJson): string {
  if (state === "ended") return outcome ?? "ended";
  if (gone) return "ended, not written yet";
  return attended ? state : `${state} alone`;
}

function timeOf({ at, ended }: RunJson, now: number): string {
  const [from, to] = [parseTime(at) ?? now, ended === null ? now : (parseTime(ended) ?? now)];
  return formatDuration(Math.max(1_000, Math.round((to - from) / 1_000) * 1_000));
}

function used({ tokens, cost }: RunJson): string {
  if (cost !== null) return `$${cost.toFixed(2)}`;
  return tokens === null ? "" : `${tokens} tokens`;
}

function page(run: RunJson & { readonly title: string | null }, { paint, host }: Context): string {
  const facts: readonly (readonly [string, string | number | null])[] = [
    ["agent", `${run.agent} (${run.adapter}${run.version === null ? "" : ` ${run.version}`})`],
    ["state", `${standing(run)}${run.why === null ? "" : `: ${run.why}`}`],
    ["time", timeOf(run, host.now())],
    ["try", run.tries],
    ["used", used(run) || null],
    ["worktree", run.worktree],
    ["branch", run.branch],
    ["session", run.session],
    ["exit", run.exit],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === null ? [] : [`${fillTo(name, 9)} ${plain(String(value))}`],
  );
  return [paint.bold(`${plain(run.run)}  ${plain(run.title ?? "")}`), ...lines].join("\n");
}

/** One event on one line, or on several where it is a text: what an agent prints is never obeyed by a terminal. */
function eventLine(event: LoggedEvent, { paint }: Context): string {
  const at = paint.dim(/T(\d\d:\d\d:\d\d)/.exec(event.at)?.[1] ?? "");
  return `${at} ${plain(saidBy(event))}`;
}
