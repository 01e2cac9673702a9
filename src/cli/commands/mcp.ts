import { AyoError } from "../../error.ts";
import type { HttpOptions } from "../../mcp/serveHttp.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { packageVersion } from "../version.ts";

/** Where `--http` listens unless told. */
const PORT = 4736;
/** The error of JSON-RPC for whom the server does not let in: one of those that are free for servers. */
const REFUSED = -32_000;
const NO_TOKEN = "this server wants its token: send Authorization: Bearer";

/** `ayo mcp`: the tools of a model's client, on stdin and stdout or by HTTP. */
export const mcp: Command = {
  name: "mcp",
  summary: "Serve tools and resources for models (Model Context Protocol), on stdio or HTTP",
  positionals: [],
  flags: {
    http: { type: "boolean", describe: "serve by streamable HTTP, on this machine only unless --host says more" },
    host: { type: "string", describe: "with --http: listen on this address, for others, who need a token (AYO_TOKEN)" },
    token: {
      type: "boolean",
      describe: "with --http: ask for a token on this machine too (AYO_TOKEN, or one is made)",
    },
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
      onOpen: context.live,
    };
    if (flags.http !== true && [flags.host, flags.port, flags.token].some((flag) => flag !== undefined)) {
      throw new AyoError("bad_usage", "--host, --port and --token go with --http", { try: ["ayo", "mcp", "--http"] });
    }
    if (flags.http === true) {
      const { serveHttp } = await import("../../mcp/serveHttp.ts");
      const port = typeof flags.port === "number" ? flags.port : PORT;
      const { door, token } = await doorOf(context, port, String(flags.host ?? "127.0.0.1"), flags.token === true);
      const served = await serveHttp(options, door);
      context.warn(`listening on ${served.url}`);
      if (token !== undefined) context.warn(`clients send: Authorization: Bearer ${token}`);
      await context.untilSignal();
      await served.stop();
    } else {
      const { serveStdio } = await import("../../mcp/serveStdio.ts");
      const served = await serveStdio(options, context.streams());
      await Promise.race([served.done, context.untilSignal()]);
      await served.stop();
    }
    return { json: undefined, text: "" };
  },
};

/** Whom the server lets in: by the rules of `ayo serve`, but it has no pages to visit. */
async function doorOf(
  { host: { env } }: Context,
  port: number,
  host: string,
  asksToken: boolean,
): Promise<{ readonly door: HttpOptions; readonly token: string | undefined }> {
  const { accessTo } = await import("../../server/access/access.ts");
  const { guard, SECURITY_HEADERS } = await import("../../server/access/guard.ts");
  const { HttpProblem, PROBLEM_CODES } = await import("../../server/problem.ts");
  const { problem } = await import("../../mcp/serveHttp.ts");
  const { addresses, guard: rules, name, token } = accessTo(host, env.AYO_TOKEN || undefined, asksToken);
  const door: HttpOptions = {
    port,
    addresses,
    name,
    headers: SECURITY_HEADERS,
    guard: (request, from) => {
      try {
        guard(request, from, { ...rules, hasPages: false, cookie: undefined });
        return undefined;
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        const fact = error.code === "unauthorized" ? NO_TOKEN : error.message;
        return problem(PROBLEM_CODES.get(error.code) ?? 403, REFUSED, fact, error.headers);
      }
    },
  };
  return { door, token };
}
