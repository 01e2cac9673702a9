import { AyoError } from "../../error.ts";
import { linesOf } from "../../ticket/printed/printedLines.ts";
import { readData } from "../data/source.ts";
import { ASCII, CONSOLE, THEME, UNICODE } from "../draw/theme.ts";
import { type Deed, deedFor } from "../keys/bindings.ts";
import type { Input } from "../keys/decode.ts";
import { help } from "../overlays/help.ts";
import { pager } from "../overlays/pager.ts";
import type { Depth } from "../screen/style.ts";
import { openTerminal, type TerminalStreams } from "../screen/terminal.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { storeCommands } from "../settings/storeCommands.ts";
import { drawScreen } from "../views/screen.ts";
import { type App, frames, type Outside } from "./app.ts";
import { commandPrompt, plainText } from "./commandLine.ts";
import { allDeeds, assertNoClash, builtDeeds } from "./deeds.ts";
import { doNow, goToMade, tell, toldLines } from "./doing.ts";
import { readerOf } from "./reader.ts";
import { newUi, VIEWS, type ViewName } from "./ui.ts";

/** How a terminal is drawn on. */
export interface Look {
  readonly depth: Depth;
  readonly isAscii: boolean;
  /** What it calls itself: `TERM`. */
  readonly name: string;
  /** The file with the user's keys, looks and commands. */
  readonly settings: string;
}

/** What a view says that has nothing. */
const EMPTY: Partial<Readonly<Record<ViewName, string>>> = {
  inbox: "nothing needs you",
  agents: "no agent has worked here: ayo work starts them",
  projects: "no projects yet: :project create makes one",
};

/**
 * Shows the board on a terminal until the user leaves it, or the process is asked to end.
 * @throws bad_config for settings that make no sense, before anything is drawn
 */
export async function runTui(streams: TerminalStreams, look: Look, outside: Outside): Promise<void> {
  const settings = await readSettings(
    look.settings,
    builtDeeds().map(({ name }) => name),
    assertNoClash,
  );
  Object.assign(THEME, settings.looks);
  // A filter that makes no sense is told before anything is drawn.
  if (outside.filter !== "") await readData(outside.store, outside.filter);
  const ui = newUi();
  ui.filter = outside.filter;
  ui.view = VIEWS.find((view) => view === outside.view) ?? "columns";
  const deeds = [...allDeeds(settings)];
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const terminal = openTerminal(streams, look, {
    onInput: (input) => loop.take(input),
    onResize: () => loop.redraw(),
    onEnd: () => end(),
  });
  const app = appOf({
    ui,
    terminal,
    outside,
    deeds,
    settings,
    end: () => end(),
    redraw: () => loop.redraw(),
    hold: (work) => loop.hold(work),
  });
  const loop = frames(
    app,
    look.isAscii ? ASCII : look.name === "linux" ? CONSOLE : UNICODE,
    drawScreen,
    keysOf(app, deeds),
  );
  terminal.enter();
  try {
    await app.begin();
    // What there is shows before anything else is begun.
    if (ui.data !== undefined) await loop.shown();
    await app.refresh();
    const until = Promise.race([ended, outside.untilSignal]);
    await loop.shown();
    await app.readStoreKeys();
    outside
      .watch(() => void attempt(app, () => app.refresh().then(app.readStoreKeys)), until)
      .catch((error: Error) => {
        ui.standing = "lost";
        app.say(error.message, "error");
      });
    await until;
  } finally {
    terminal.close();
  }
}

const COMMON = ["? keys", "/ filter", ": command"];
const HINTS = {
  tickets: [...COMMON, "c new", "s start", "x close", "m move", "space mark", "u undo", "q leave"],
  ticket: ["escape back", "j k scroll", "r answer", "n note", "e edit", "s start", "x close", ...COMMON],
  inbox: [...COMMON, "! act", "r answer", "A approve", "X send back", "d put away", "z snooze", "q leave"],
  agents: [...COMMON, "enter log", "g o search it", "K end", "R again", "q leave"],
  projects: [...COMMON, "enter open", "q leave"],
} satisfies Partial<Record<ViewName | "tickets" | "ticket", readonly string[]>>;

function hintsOf(view: ViewName): readonly string[] {
  return view === "inbox" || view === "agents" || view === "projects" ? HINTS[view] : HINTS.tickets;
}

/** Gives each key to what it means; of two keys the first waits. */
function keysOf(app: App, deeds: readonly Deed[]): (input: Input) => void {
  let waiting = "";
  return (input) => {
    if (input.kind !== "key") return;
    const { deed, waiting: next } = deedFor(deeds, waiting, input.key);
    waiting = next;
    if (deed === undefined) return;
    app.ui.message = undefined;
    void attempt(app, () => deed.run(app));
  };
}

async function attempt(app: App, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    app.say(error.message, "error");
  }
}

/** Lets a command open the editor; what it refuses can be read. */
async function edit(app: App, argv: readonly string[]): Promise<void> {
  let said: Awaited<ReturnType<Outside["runHere"]>> | undefined;
  await app.away(async () => {
    said = await app.outside.runHere(argv, true);
  });
  if (said === undefined) return;
  const text = `${said.err}${said.out}`.trim();
  if (said.code === 0) {
    goToMade(app, text);
    app.say(plainText(text), "good");
  } else app.open(pager(`ayo ${argv.join(" ")}`, linesOf(text)));
}

interface Parts extends Pick<App, "ui" | "terminal" | "outside" | "redraw" | "hold"> {
  /** All that keys do; those of the store come and go. */
  readonly deeds: Deed[];
  readonly settings: Settings;
  readonly end: () => void;
}

function appOf({ ui, terminal, outside, deeds, settings, end, redraw, hold }: Parts): App {
  const reader = readerOf(ui, outside, {
    redraw,
    onGone: (id) => app.say(`${id} is gone: somebody has deleted or archived it`),
  });
  /** Gives the terminal away for a time. */
  const away = async (work: () => Promise<unknown>): Promise<void> => {
    terminal.leave();
    try {
      await work();
    } finally {
      terminal.enter();
      await reader.refresh();
    }
  };
  let last = Promise.resolve();
  let storeKeys = "";
  const app: App = {
    ...reader,
    ui,
    outside,
    terminal,
    redraw,
    hold,
    away,
    edit: (argv) => edit(app, argv),
    showMessages: () => app.open(pager("Messages", () => toldLines(ui))),
    readStoreKeys: async () => {
      const { commands, problem } = await storeCommands(outside.store);
      // Asked at each change, told when it is another answer.
      const now = JSON.stringify([commands, problem]);
      if (now === storeKeys) return;
      storeKeys = now;
      deeds.splice(0, deeds.length, ...allDeeds(settings, commands));
      if (problem !== undefined) app.say(problem, "error");
    },
    histories: { filter: [], command: [] },
    quit: end,
    say: (text, tone = "plain") => {
      tell(ui, { text: text.split("\n")[0] ?? "", tone });
      redraw();
    },
    open: (overlay) => {
      ui.overlays.push(overlay);
      redraw();
    },
    do: (argv, options) => {
      // One after the other, as they were typed.
      last = last.then(() => doNow(app, argv, options));
      return last;
    },
    openRow: () => {
      ui.pane = "preview";
      ui.isWhole = true;
      reader.moved();
    },
    copy: (text) => {
      const isCopied = terminal.copy(text);
      app.say(isCopied ? `copied ${text}` : `this terminal has no clipboard: ${text}`, isCopied ? "good" : "plain");
    },
    askCommand: (text) => app.open(commandPrompt(app, text)),
    help: () => app.open(help(deeds, (deed) => void attempt(app, () => deed.run(app)))),
    suspend: () => away(outside.suspend),
    emptyText: () => EMPTY[ui.view] ?? "no tickets yet: c makes the first",
    keyHints: () => (ui.pane === "preview" || ui.isWhole ? HINTS.ticket : hintsOf(ui.view)),
  };
  return app;
}
