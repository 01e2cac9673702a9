import { agentsAdd as addAction } from "../../actions/agents/agentsAdd.ts";
import { type AgentsInit, agentsInit as initAction } from "../../actions/agents/agentsInit.ts";
import { agentsPrime as primeAction } from "../../actions/agents/agentsPrime.ts";
import { invoke } from "../../actions/input/action.ts";
import { AyoError } from "../../error.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Args, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo agents add <name>`. */
export const agentsAdd: Command = {
  name: "agents add",
  summary: addAction.summary,
  positionals: [{ name: "name", required: true }],
  flags: flagsOf(addAction.input, { omit: ["name", "ifMatch", "claim"] }),
  examples: [
    ["ayo agents add @coder --adapter claude", "then: ayo allow @coder"],
    ["ayo agents add @rex --adapter gemini --role reviewer --access read", "by the Agent Client Protocol"],
    ["ayo agents add @own --adapter command --command ./agent.sh", "any program that reads its prompt on stdin"],
  ],
  run: async (context, { words: [name = ""], flags }): Promise<Answer> => {
    const added = await invoke(addAction, context.store({ create: true }), { ...flags, name } as never);
    warnWritten(context, added);
    const text = deedLine(added, {
      did: `Added ${added.name} to agents.yml; to have it run here: ${added.try.join(" ")}`,
      would: `Would add ${added.name} to agents.yml`,
      same: `agents.yml: ${added.name} is there`,
    });
    return { json: { ...added }, text, ids: [added.name] };
  },
};

/** `ayo agents init`: shows what it would write and asks, or needs `--yes`. */
export const agentsInit: Command = {
  name: "agents init",
  summary: initAction.summary,
  positionals: [],
  flags: flagsOf(initAction.input),
  examples: [
    ["ayo agents init --harness claude", "shows what it would write, then asks"],
    ["ayo agents init --harness codex --dry-run", "only shows"],
    ["ayo agents init --uninstall --yes", "takes away exactly what it wrote"],
  ],
  run: async (context, args): Promise<Answer> => {
    const done = await confirmed(context, args);
    if (done.dryRun) context.warn("dry run: nothing was changed");
    return { json: { ...done }, text: planText(done), ids: [] };
  },
};

async function confirmed(context: Context, { flags }: Args): Promise<AgentsInit> {
  const store = context.store({ create: true });
  try {
    return await invoke(initAction, store, flags as never);
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "needs_confirmation" || flags.json) throw error;
    context.warn(planText(error.data as unknown as AgentsInit));
    if (!context.tty.stdin || !context.tty.stderr) throw error;
    if (!(await context.ask("Do it? [y/N] "))) {
      throw new AyoError("needs_confirmation", "nothing was changed", { cause: error });
    }
    return invoke(initAction, store, { ...flags, yes: true } as never);
  }
}

function planText({ files, notes }: Pick<AgentsInit, "files" | "notes">): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  const lines = files.map(({ path, action, what }) =>
    `${action.padEnd(9)} ${path.padEnd(width)}  ${plain(what)}`.trimEnd(),
  );
  return [...lines, ...notes.map((note) => `note: ${note}`)].join("\n");
}

/** `ayo agents prime`; with `--hook` as Gemini CLI wants its hooks to answer. */
export const agentsPrime: Command = {
  name: "agents prime",
  summary: primeAction.summary,
  positionals: [],
  flags: {
    ...flagsOf(primeAction.input),
    hook: { type: "boolean", describe: "as the session hook of Gemini CLI answers: in JSON" },
  },
  examples: [
    ["ayo agents prime", "at the start of a session, and after a compaction"],
    ["ayo agents prime --as @gemini --hook", "as the SessionStart hook of Gemini CLI"],
  ],
  run: async (context, { flags: { hook, ...flags } }): Promise<Answer> => {
    const { text, ...facts } = await invoke(primeAction, context.store({ create: true }), flags as never);
    const told = hook ? hookAnswer(text) : plain(text);
    return { json: facts, text: told, ids: facts.holds.map(({ id }) => id) };
  },
};

/**
 * Without a terminal Gemini CLI takes `@word` in the context of a hook for a file, and puts that in its place; it also
 * writes `<` and `>` otherwise, which commands in the text are to be read without.
 */
function hookAnswer(text: string): string {
  const note = "(In this text \\@ stands for the at sign, &lt; and &gt; for the signs of the shell.)";
  const additionalContext = `${plain(text).replaceAll("@", "\\@")}\n${note}`;
  return JSON.stringify({ hookSpecificOutput: { hookEventName: "SessionStart", additionalContext } });
}
