import { hooksAllow as allowAction, hooksDeny as denyAction } from "../../actions/hooks/hooksAllow.ts";
import { type HookList, hooksList as listAction } from "../../actions/hooks/hooksList.ts";
import { type HookLog, hooksLog as logAction } from "../../actions/hooks/hooksLog.ts";
import { type HooksRun, hooksRun as runAction } from "../../actions/hooks/hooksRun.ts";
import { invoke } from "../../actions/input/action.ts";
import { formatDuration } from "../../ticket/time.ts";
import { didOrWould } from "../print/deed.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo hooks list`. */
export const hooksList: Command = {
  name: "hooks list",
  summary: listAction.summary,
  positionals: [],
  flags: {},
  examples: [
    ["ayo hooks list", "every file in the store's hooks/ and whether it runs"],
    ["ayo hooks list --json | jq -r '.hooks[] | select(.state != \"allowed\").todo'", "what is to do"],
  ],
  run: async (context): Promise<Answer> => {
    const list = await invoke(listAction, context.store(), {});
    return { json: { ...list }, text: table(context, list), ids: list.hooks.map(({ path }) => path) };
  },
};

function table({ paint }: Context, { hooks }: HookList): string {
  if (hooks.length === 0) return "no hooks: put an executable into the store's hooks/ that bears an event's name";
  const width = Math.max(...hooks.map(({ path }) => widthOf(plain(path))));
  const lines = hooks.map(({ path, state, todo }) => {
    const colour = state === "allowed" ? paint.green : state === "denied" ? paint.dim : paint.yellow;
    const about = todo === null ? "" : `  ${plain(todo.replace(`hook ${path} `, ""))}`;
    return `${fillTo(plain(path), width)}  ${colour(fillTo(state, 7))}${about}`.trimEnd();
  });
  return lines.join("\n");
}

/** `ayo hooks allow <hook…>`. */
export const hooksAllow = decision(
  allowAction,
  ["Allowed", "Would allow"],
  [
    ["ayo hooks allow ticket.closed", "hooks/ticket.closed and hooks/ticket.closed.d/*, as they are now"],
    ["ayo hooks allow hooks/ticket.ready.d/10-notify", "this one"],
    ["ayo hooks allow --all", "every hook of the store; read them first"],
  ],
);

/** `ayo hooks deny <hook…>`. */
export const hooksDeny = decision(
  denyAction,
  ["Denied", "Would deny"],
  [["ayo hooks deny ticket.closed", "they do not run, and nothing asks for them"]],
);

function decision(
  action: typeof allowAction,
  wording: readonly [did: string, would: string],
  examples: Command["examples"],
): Command {
  return {
    name: action.name,
    summary: action.summary,
    positionals: [{ name: "event", required: false, many: true }],
    flags: flagsOf(action.input, { omit: ["hooks"] }),
    examples,
    run: async (context, { words, flags }): Promise<Answer> => {
      const input = { ...flags, ...(words.length === 0 ? {} : { hooks: [...words] }) };
      const answer = await invoke(action, context.store(), input as never);
      for (const { todo } of answer.broken) context.warn(`warning: ${plain(todo ?? "")}`);
      if (answer.dryRun) context.warn("dry run: nothing was changed");
      const done = didOrWould(answer, ...wording);
      const lines = answer.hooks.map(
        ({ path, sha256, difference = "" }) =>
          `${plain(difference)}${done} ${plain(path)} (sha256 ${sha256?.slice(0, 12)})`,
      );
      return { json: { ...answer }, text: lines.join("\n"), ids: answer.hooks.map(({ path }) => path) };
    },
  };
}

/** `ayo hooks run <event> <id>`. */
export const hooksRun: Command = {
  name: "hooks run",
  summary: runAction.summary,
  positionals: [
    { name: "event", required: true },
    { name: "id", required: true, complete: "id" },
  ],
  flags: flagsOf(runAction.input, { omit: ["event", "id"] }),
  examples: [
    ["ayo hooks run ticket.closed ayo-x7k2", "what its hooks print, and how they end"],
    ["ayo hooks run ticket.closed ayo-x7k2 --dry-run | jq", "what they would get"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const [event = "", id = ""] = words;
    const answer = await invoke(runAction, context.store(), { ...flags, event, id } as never);
    for (const notice of answer.notices) context.warn(`warning: ${plain(notice)}`);
    const text = flags.dryRun === true ? JSON.stringify(answer.event) : answer.runs.map(outcome).join("\n");
    const code = answer.runs.every(({ ok }) => ok) ? 0 : 1;
    return { json: { ...answer }, text, ids: [answer.event.ticket.id], code };
  },
};

type Run = HooksRun["runs"][number];

/** What a hook printed, and a line on how it ended. */
function outcome(run: Run): string {
  const output = run.output.trimEnd();
  return `${output === "" ? "" : `${plain(output)}\n`}${plain(run.hook)}: ${ending(run)}`;
}

function ending({ code, signal, timedOut, error, ms }: Run): string {
  const time = ms < 1000 ? `${ms} ms` : formatDuration(ms);
  if (error !== null) return `not started: ${plain(error)}`;
  if (timedOut) return `ended after ${time}, it took too long`;
  return `${code === null ? `ended by ${signal}` : `exit ${code}`}, ${time}`;
}

/** `ayo hooks log`. */
export const hooksLog: Command = {
  name: "hooks log",
  summary: logAction.summary,
  positionals: [],
  flags: flagsOf(logAction.input),
  examples: [
    ["ayo hooks log --limit 5", "the last five runs with what they printed"],
    ["ayo hooks log --json | jq '.runs[] | select(.ok | not)'", "those that failed"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const log = await invoke(logAction, context.store(), flags as never);
    return { json: { ...log }, text: logText(context, log), ids: log.runs.map(({ eventId }) => eventId) };
  },
};

function logText({ paint }: Context, { runs, total, truncated }: HookLog): string {
  if (total === 0) return "no hook has run here";
  const lines = runs.map((run) => {
    const how = run.ok ? ending(run) : paint.red(ending(run));
    const output = run.output.trimEnd();
    const printed = output === "" ? "" : `\n${plain(output).replaceAll(/^/gm, "    ")}`;
    return `${run.at} ${run.event} ${plain(run.ticket)} ${plain(run.hook)}: ${how}${printed}`;
  });
  const head = truncated ? [paint.dim(`${runs.length} of ${total} runs; --limit shows more`)] : [];
  return [...head, ...lines].join("\n");
}
