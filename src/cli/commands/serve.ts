import type { Answer, Command, Context } from "../table/command.ts";
import { openInBrowser } from "../terminal/openInBrowser.ts";
import { packageVersion } from "../version.ts";

/** `ayo serve`. */
export const serve: Command = {
  name: "serve",
  summary: "Show stores in the browser, and serve them to programs (REST, live events)",
  positionals: [],
  flags: {
    port: { type: "number", describe: "this port; 0 takes a free one (3000, or the next that is free)" },
    host: { type: "string", describe: "listen on this address too, for others, who need a token (AYO_TOKEN)" },
    token: {
      type: "boolean",
      describe: "ask for a token on this machine too, where else all its users get in: AYO_TOKEN, or one that is made",
    },
    open: { type: "boolean", describe: "open it in the browser" },
    dir: { type: "list", describe: "a store's directory; may be repeated" },
    session: { type: "list", describe: "a named store, under AYO_HOME; may be repeated" },
  },
  examples: [
    ["ayo serve --open", "the board of this project, until Ctrl-C"],
    ["ayo serve --token --open", "on a machine that others use, too"],
    ["ayo serve --port 8080 --dir api/.tickets --dir web/.tickets", "two stores on a port of your choice"],
    ["curl -s localhost:3000/api/ready?limit=1", "for programs; localhost:3000/api/docs tells of all"],
  ],
  run: async (context, { flags }): Promise<Answer> => {
    const where = {
      ...(typeof flags.port === "number" ? { port: flags.port } : {}),
      ...(flags.host === undefined ? {} : { host: String(flags.host) }),
      ...(flags.token === true ? { asksToken: true } : {}),
    };
    await serveUntilSignal(context, where, { open: flags.open === true, json: flags.json === true });
    return { json: undefined, text: "" };
  },
};

/** Serves the stores that the flags name, and says where, until the process is asked to end. */
export async function serveUntilSignal(
  context: Context,
  where: { readonly port?: number; readonly host?: string; readonly asksToken?: boolean },
  { open = false, json = false }: { readonly open?: boolean; readonly json?: boolean },
): Promise<void> {
  const { serve: start } = await import("../../server/serve.ts");
  const token = context.host.env.AYO_TOKEN;
  const served = await start({
    stores: context.stores().map((open) => () => context.live(open())),
    ...where,
    ...(token ? { token } : {}),
    offline: context.host.env.AYO_OFFLINE !== "off",
    version: packageVersion(),
    onWarning: (text) => context.warn(`warning: ${text}`),
  });
  const { url, workflows } = served;
  context.out(json ? `${JSON.stringify({ schema: 1, url, workflows })}\n` : `${url}\n`);
  if (served.token !== undefined) {
    context.warn("everyone who reaches this address and has the token can read and change these stores:");
    for (const { dir } of workflows) context.warn(`  ${dir}`);
  }
  context.warn("serving; Ctrl-C ends it");
  if (open) openInBrowser(context.host, url);
  await context.untilSignal();
  await served.stop();
}
