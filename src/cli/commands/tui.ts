import path from "node:path";
import { AyoError } from "../../error.ts";
import { atEnd, type Host, keepHeapSmall, nodeProgram, packageDir, suspendHere, untilEnded } from "../../host.ts";
import { ayoHome } from "../../store/open/locate/home.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { openInBrowser } from "../terminal/openInBrowser.ts";
import { runProgram, serveBeside } from "../terminal/programs.ts";
import { inStore } from "../within.ts";

/** `ayo tui`. */
export const tui: Command = {
  name: "tui",
  summary: "Show the board on the whole terminal, live, and change tickets by keys",
  positionals: [{ name: "filter", required: false, many: true }],
  flags: {
    view: {
      type: "string",
      describe: "what to begin with",
      choices: ["columns", "list", "inbox", "agents", "tree", "graph", "projects"],
    },
    ascii: { type: "boolean", describe: "draw with letters and signs that every terminal has" },
  },
  examples: [
    ["ayo tui", "? lists the keys, q leaves"],
    ["ayo tui is:ready --view list", "only what can be begun, one below the other"],
  ],
  run: async (context, { words, flags }): Promise<Answer> => {
    const { env } = context.host;
    if (!context.tty.stdin || !context.tty.stdout || env.TERM === "dumb") {
      throw new AyoError("bad_usage", "ayo tui needs a terminal that it can draw on", { try: ["ayo", "board"] });
    }
    const { runTui } = await import("../../tui/app/run.ts");
    const { LEAVE } = await import("../../tui/screen/terminal.ts");
    const { input, output } = context.streams();
    // Whatever happens the terminal is as it was before.
    const undo = atEnd(() => void output.write(LEAVE));
    try {
      await runTui({ input, output }, lookOf(context.host, flags.ascii === true), {
        ...outsideOf(context),
        filter: words.join(" "),
        view: typeof flags.view === "string" ? flags.view : "columns",
      });
    } finally {
      undo();
      // A terminal that was read keeps a process alive.
      input.destroy();
    }
    return { json: undefined, text: "" };
  },
};

const PLAIN = { colours: false, columns: 80 };

function outsideOf(context: Context) {
  const store = context.store();
  const host = inStore(context.host, context.choice);
  const served = serveBeside(host, ownProgram(["serve", "--port", "0", "--json"]));
  let lent = 0;
  /** While others have the terminal ^C is for them. */
  const lend = async <T>(work: Promise<T>): Promise<T> => {
    lent++;
    try {
      return await work;
    } finally {
      lent--;
    }
  };
  return {
    store,
    run: (argv: readonly string[]) =>
      context.runLine(argv, { colours: !context.host.env.NO_COLOR, columns: context.columns }),
    runApart: (argv: readonly string[]) =>
      runProgram(ownProgram(argv), host.env.NO_COLOR ? host : { ...host, env: { ...host.env, FORCE_COLOR: "1" } }),
    browse: async (id: string) => {
      const url = new URL(await served());
      url.pathname = `/ticket/${encodeURIComponent(id)}`;
      openInBrowser(host, url.href);
      return url.href;
    },
    runHere: (argv: readonly string[], isKept: boolean) => lend(context.runHere(argv, isKept)),
    shell: (line: string, isHere: boolean) => {
      const running = runProgram(["sh", "-c", line], host, isHere);
      return isHere ? lend(running) : running;
    },
    pathOf: (name: string) => path.join(store.dir, name),
    suspend: suspendHere,
    untilSignal: untilEnded(["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"], () => lent > 0),
    watch: async (onChange: () => void, until: Promise<unknown>) => {
      // None of it is needed by what is shown first.
      const { watchStores } = await import("../../actions/watch.ts");
      // After that: under other flags V8 takes no code from its cache.
      keepHeapSmall();
      const live = context.live(store);
      const handlers = { onEvents: onChange, onWarning: () => {}, onReady: onChange, until };
      await watchStores([() => live], { since: undefined }, handlers);
    },
    complete: async (words: readonly string[]) => {
      const { out } = await context.runLine(["completion", "--words", "--json", "--", "ayo", ...words], PLAIN);
      const { candidates = [] } = JSON.parse(out || "{}") as { candidates?: { value: string }[] };
      return candidates.map(({ value }) => value);
    },
  };
}

/** The words that start this program anew. */
function ownProgram(argv: readonly string[]): readonly string[] {
  return [nodeProgram(), path.join(packageDir(), "dist", "cli", "ayo.cjs"), ...argv];
}

const UTF8 = /utf-?8/i;

function lookOf({ env, ...host }: Host, isAscii: boolean) {
  const { TERM = "" } = env;
  const isUtf8 = UTF8.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "");
  // Of one within the other the name of the terminal tells which is the inner one.
  const isScreen = Boolean(env.STY) && !TERM.startsWith("tmux");
  return {
    depth: depthOf(env, isScreen),
    name: isScreen ? "screen" : env.TMUX ? "tmux" : TERM,
    isAscii: isAscii || !isUtf8,
    settings: path.join(ayoHome({ env, ...host }), "tui.yml"),
  } as const;
}

function depthOf(env: Host["env"], isScreen: boolean) {
  if (env.NO_COLOR) return 0;
  // GNU screen passes on what the terminal around it said, and knows 256.
  if (!isScreen && /truecolor|24bit/.test(env.COLORTERM ?? "")) return 16777216;
  return /256/.test(env.TERM ?? "") ? 256 : 16;
}
