import type { Answer, Command } from "../command.ts";
import { packageVersion } from "../version.ts";

/** Where `--http` listens unless told. */
const PORT = 4736;

/** `ayo mcp`: the tools of a model's client, on stdin and stdout or by HTTP. */
export const mcp: Command = {
  name: "mcp",
  summary: "Serve tools and resources for models (Model Context Protocol), on stdio or HTTP",
  positionals: [],
  flags: {
    http: { type: "boolean", describe: "serve by streamable HTTP, on this machine only" },
    port: { type: "number", describe: `with --http: the port; 0 takes a free one (${PORT})` },
    tools: {
      type: "string",
      choices: ["core", "all"],
      describe: "the nine that most work needs, or every tool (core)",
    },
    as: { type: "string", describe: "the agent in whose name changes are made where a call names none" },
  },
  examples: [
    ["claude mcp add ayo -- ayo mcp", "a client starts it, and talks to it on stdin and stdout"],
    ["ayo mcp --http --tools all", "several clients of this machine share one"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const options = {
      host: context.host,
      choice: context.choice,
      as: flags.as === undefined ? undefined : String(flags.as),
      all: flags.tools === "all",
      version: packageVersion(),
      onWarning: context.warn,
    };
    if (flags.http === true) {
      const { serveHttp } = await import("../../mcp/serveHttp.ts");
      const served = await serveHttp(options, typeof flags.port === "number" ? flags.port : PORT);
      context.warn(`listening on ${served.url}`);
      await context.untilSignal();
      await served.stop();
    } else {
      const { serveStdio } = await import("../../mcp/serveStdio.ts");
      const served = serveStdio(options, context.streams());
      await Promise.race([served.done, context.untilSignal()]);
      await served.stop();
    }
    return { json: undefined, text: "" };
  },
};
