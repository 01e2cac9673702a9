import { AyoError } from "../../error.ts";
import { ACCESS, type Access } from "../../store/open/agents/agentTypes.ts";
import type { Command } from "../table/command.ts";

/** `ayo work-acp`: what the adapter `acp` starts, in a run's worktree; the prompt comes by stdin. Not for people. */
export const workAcp: Command = {
  name: "work-acp",
  summary: "Ask a program that speaks the Agent Client Protocol for a run's work",
  positionals: [{ name: "program", required: true, many: true }],
  flags: {
    access: { type: "string", choices: ACCESS, describe: "what it may do to files" },
    store: { type: "string", describe: "the store's directory" },
    lines: { type: "boolean", describe: "stdin has the prompt as a line of JSON, and others while it works" },
    resume: { type: "string", describe: "the session to go on with" },
    pass: { type: "list", describe: "a variable that ayo's tools get" },
    ayo: { type: "list", describe: "a word of those that start ayo" },
  },
  examples: [["ayo work-acp --access edit --store=.tickets --ayo=ayo -- gemini --acp", "as the dispatcher starts it"]],
  run: async (context, { words, flags }) => {
    const { env, cwd } = context.host;
    const stop = context.untilSignal();
    const [command, ...args] = [flags.ayo ?? []].flat().map(String);
    if (command === undefined || flags.store === undefined)
      throw new AyoError("bad_usage", "work-acp: --ayo and --store are missing");
    const variables = [flags.pass ?? []].flat().map((name) => ({ name: String(name), value: env[String(name)] ?? "" }));
    const { runAcp } = await import("../../work/acp/client.ts");
    const { readLines } = await import("../../work/acp/inbox.ts");
    const told = flags.lines === true ? await readLines(context.streams().input) : { prompt: await context.stdin() };
    const code = await runAcp({
      argv: words,
      ...told,
      ...(flags.resume === undefined ? {} : { session: String(flags.resume) }),
      mcpServers: [
        { name: "ayo", command, args: [...args, "mcp"], env: variables.filter(({ value }) => value !== "") },
      ],
      access: (flags.access ?? "read") as Access,
      cwd,
      storeDir: String(flags.store),
      env,
      write: context.out,
      writeError: context.err,
      stop,
    });
    return { json: undefined, text: "", code };
  },
};
