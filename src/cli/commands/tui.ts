import { watchStores } from "../../actions/watch.ts";
import { AyoError } from "../../error.ts";
import { atEnd, type Host, suspendHere } from "../../host.ts";
import type { Answer, Command, Context } from "../table/command.ts";

/** `ayo tui`. */
export const tui: Command = {
  name: "tui",
  summary: "Show the board on the whole terminal, live, and change tickets by keys",
  positionals: [{ name: "filter", required: false, many: true }],
  flags: {
    view: {
      type: "string",
      describe: "what to begin with",
      choices: ["columns", "list", "inbox", "agents", "tree", "projects"],
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
    const { runTui, LEAVE } = await import("../../tui/tui.ts");
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
  const store = context.live(context.store());
  return {
    store,
    run: (argv: readonly string[]) =>
      context.runLine(argv, { colours: !context.host.env.NO_COLOR, columns: context.columns }),
    runHere: (argv: readonly string[]) => context.runHere(argv),
    suspend: suspendHere,
    untilSignal: context.untilSignal(),
    watch: (onChange: () => void, until: Promise<unknown>) =>
      watchStores(
        [() => store],
        { since: undefined },
        { onEvents: onChange, onWarning: () => {}, onReady: onChange, until },
      ),
    complete: async (words: readonly string[]) => {
      const { out } = await context.runLine(["completion", "--words", "--json", "--", "ayo", ...words], PLAIN);
      const { candidates = [] } = JSON.parse(out || "{}") as { candidates?: { value: string }[] };
      return candidates.map(({ value }) => value);
    },
  };
}

const UTF8 = /utf-?8/i;

function lookOf({ env }: Host, isAscii: boolean) {
  const isUtf8 = UTF8.test(env.LC_ALL || env.LC_CTYPE || env.LANG || "");
  const depth = env.NO_COLOR
    ? 0
    : /truecolor|24bit/.test(env.COLORTERM ?? "")
      ? 16777216
      : /256/.test(env.TERM ?? "")
        ? 256
        : 16;
  return { depth, isAscii: isAscii || !isUtf8 } as const;
}
