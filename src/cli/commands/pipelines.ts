import { invoke } from "../../actions/input/action.ts";
import { pipelineCancel as cancelAction } from "../../actions/pipeline/pipelineCancel.ts";
import { pipelineCheck as checkAction, type PipelineChecked } from "../../actions/pipeline/pipelineCheck.ts";
import type { PipelineJson } from "../../actions/pipeline/pipelineJson.ts";
import { pipelineList as listAction } from "../../actions/pipeline/pipelineList.ts";
import { type PipelineRan, pipelineRun as runAction } from "../../actions/pipeline/pipelineRun.ts";
import {
  type PipelineRunJson,
  type PipelineShown,
  type RunStepJson,
  pipelineShow as showAction,
} from "../../actions/pipeline/pipelineShow.ts";
import { quoteWord } from "../../error.ts";
import { ticketLine, warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";
import { keyAndValue } from "../table/keyAndValue.ts";
import { answerMoved } from "./moves.ts";

/** `ayo pipeline list`. */
export const pipelineList: Command = {
  name: "pipeline list",
  summary: listAction.summary,
  positionals: [],
  flags: flagsOf(listAction.input),
  examples: [["ayo pipeline list", "what begins them, and whether they take effect on this machine"]],
  run: async (context): Promise<Answer> => {
    const answer = await invoke(listAction, context.store(), {});
    const { pipelines } = answer;
    const text =
      pipelines.length === 0 ? "no pipelines: put one into pipelines/ of the store" : table(pipelines, context);
    return { json: { ...answer }, text, ids: pipelines.map(({ name }) => name) };
  },
};

/** `ayo pipeline check [pipeline]`. */
export const pipelineCheck: Command = {
  name: "pipeline check",
  summary: checkAction.summary,
  positionals: [{ name: "pipeline", required: false, complete: "pipeline" }],
  flags: flagsOf(checkAction.input, { omit: ["pipeline"] }),
  examples: [
    ["ayo pipeline check", "all of them; exit status 1 where anything is wrong"],
    ["ayo pipeline check nightly", "one of them"],
  ],
  run: async (context, { words: [pipeline] }): Promise<Answer> => {
    const answer = await invoke(checkAction, context.store(), pipeline === undefined ? {} : { pipeline });
    const code = answer.problems.length === 0 ? {} : { code: 1 };
    return { json: { ...answer }, text: faults(answer), ids: answer.checked, ...code };
  },
};

/** `ayo pipeline show <what>`. */
export const pipelineShow: Command = {
  name: "pipeline show",
  summary: showAction.summary,
  positionals: [{ name: "what", required: true, complete: "pipeline" }],
  flags: flagsOf(showAction.input, { omit: ["what"] }),
  examples: [
    ["ayo pipeline show nightly", "its steps and its last runs"],
    ["ayo pipeline show ayo-x7k2", "a run: the tickets of each step"],
  ],
  run: async (context, { words: [what = ""] }): Promise<Answer> => {
    const answer = await invoke(showAction, context.store(), { what });
    const ids = answer.run === null ? [answer.pipeline?.name ?? ""] : [answer.run.ticket.id];
    return { json: { ...answer }, text: page(answer, context), ids };
  },
};

/** `ayo pipeline run <pipeline>`. */
export const pipelineRun: Command = {
  name: "pipeline run",
  summary: runAction.summary,
  positionals: [{ name: "pipeline", required: true, complete: "pipeline" }],
  flags: flagsOf(runAction.input, { omit: ["pipeline"] }),
  examples: [
    ["ayo pipeline run nightly --once 2026-11-28", "for cron: once a day, on whichever machine is first"],
    ["ayo pipeline run review --ticket ayo-x7k2 --set level=high", "about a ticket, with a value for {{set.level}}"],
    ["ayo pipeline run review --event 3fa1…:0 --dry-run", "what it would do after an event of 'ayo watch --json'"],
  ],
  run: async (context, { words: [pipeline = ""], flags: { set, ...flags } }): Promise<Answer> => {
    const pairs = Array.isArray(set)
      ? { set: Object.fromEntries(set.map((one) => keyAndValue("set", String(one)))) }
      : {};
    const answer = await invoke(runAction, context.store(), { ...flags, ...pairs, pipeline } as never);
    warnWritten(context, answer);
    const ids = answer.run === null ? [] : [answer.run.ticket.id];
    // Cron hears of a run that cannot go on.
    const code = answer.run?.ticket.category === "blocked" ? { code: 1 } : {};
    return { json: { ...answer }, text: ran(answer, context), ids, ...code };
  },
};

/** `ayo pipeline cancel <run>`. */
export const pipelineCancel: Command = {
  name: "pipeline cancel",
  summary: cancelAction.summary,
  positionals: [{ name: "run", required: true, complete: "id" }],
  flags: flagsOf(cancelAction.input, { omit: ["run"] }),
  examples: [["ayo pipeline cancel ayo-x7k2 -m 'not any more'", "the run, and all that is open of what it made"]],
  run: async (context, args): Promise<Answer> => {
    const [run = ""] = args.words;
    const moved = await invoke(cancelAction, context.store(), { ...args.flags, run } as never);
    return answerMoved(context, moved, args, { verb: "cancel" });
  },
};

function table(pipelines: readonly PipelineJson[], { paint }: Context): string {
  const rows = pipelines.map((one) => [plain(one.name), one.state, countsOf(one), whenOf(one)]);
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? "")))) ?? [];
  return rows
    .map((row, at) => {
      const cells = row.map((cell, column) => fillTo(cell, widths[column] ?? 0));
      const colour = pipelines[at]?.state === "allowed" ? paint.green : paint.yellow;
      return [cells[0], colour(cells[1] ?? ""), cells[2], cells[3]].join("  ").trimEnd();
    })
    .join("\n");
}

function countsOf({ runs: { open, today } }: PipelineJson): string {
  return `${open} open, ${today} today`;
}

/** What begins it; or what is wrong, or what to type before it does anything. */
function whenOf({ on, problems: [first], try: line }: PipelineJson): string {
  if (first !== undefined) return plain(`${first.path}${first.line > 0 ? `:${first.line}` : ""}: ${first.message}`);
  const when = on === null ? "by hand" : `${on.events.join(", ")}${on.where === undefined ? "" : ` where ${on.where}`}`;
  return plain(line === null ? when : `${when}; run: ${line.map(quoteWord).join(" ")}`);
}

function faults({ checked, problems }: PipelineChecked): string {
  if (checked.length === 0) return "no pipelines: put one into pipelines/ of the store";
  if (problems.length === 0) return `nothing is wrong with ${checked.join(", ")}`;
  return problems
    .map(({ path, line, message }) => plain(`${path}${line > 0 ? `:${line}` : ""}: ${message}`))
    .join("\n");
}

function page({ pipeline, runs, run }: PipelineShown, context: Context): string {
  if (run !== null) return runPage(run, context);
  if (pipeline === null) return "";
  const { paint } = context;
  const steps = pipeline.steps.map(({ id, does, deps, for: each }) => {
    const more = [
      ...(each === null ? [] : [`for each of ${each}`]),
      ...(deps.length === 0 ? [] : [`after ${deps.join(", ")}`]),
    ];
    return `  ${plain(id)}: ${does}${more.length === 0 ? "" : paint.dim(plain(` (${more.join("; ")})`))}`;
  });
  const about = pipeline.about === null ? [] : [plain(pipeline.about)];
  return [
    `${plain(pipeline.name)}  ${pipeline.state}  ${countsOf(pipeline)}`,
    whenOf(pipeline),
    ...about,
    ...steps,
    ...runs.map((one) => line(one, context)),
  ].join("\n");
}

function runPage({ ticket, pipeline, about, steps, why }: PipelineRunJson, context: Context): string {
  const of = about === null ? "" : `, about ${about}`;
  return [
    line(ticket, context),
    `run of pipeline ${pipeline}${of}`,
    ...(why === null ? [] : [context.paint.red(plain(`does not go on: ${why}`))]),
    ...steps.flatMap((step) => stepLines(step, context)),
  ].join("\n");
}

function stepLines({ id, state, tickets }: RunStepJson, context: Context): string[] {
  return [`${plain(id)}: ${state}`, ...tickets.map((one) => `  ${line(one, context)}`)];
}

function line(ticket: PipelineShown["runs"][number], { paint }: Context): string {
  const { id, title, status, category, priority, assignee } = ticket;
  return ticketLine({ id, title, status, category, priority, assignee: assignee ?? undefined }, paint);
}

function ran({ run, isNew, did, later, why, dryRun, pipeline }: PipelineRan, context: Context): string {
  if (why !== null) return plain(`no run of ${pipeline}: ${why}`);
  if (dryRun) {
    const then = later.length === 0 ? [] : [`later: ${later.join(", ")}`];
    return [`Would begin a run of ${pipeline}`, ...did.map((one) => `  ${plain(one)}`), ...then].join("\n");
  }
  if (run === null) return `the run of ${pipeline} is gone: its ticket was deleted`;
  return isNew ? runPage(run, context) : `began before:\n${runPage(run, context)}`;
}
