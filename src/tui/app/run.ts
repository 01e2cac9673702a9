import { AyoError } from "../../error.ts";
import { linesOf } from "../../ticket/printed/printedLines.ts";
import { readData } from "../data/source.ts";
import { ASCII, THEME, UNICODE } from "../draw/theme.ts";
import { type Deed, deedFor } from "../keys/bindings.ts";
import type { Input } from "../keys/decode.ts";
import { help } from "../overlays/help.ts";
import { pager } from "../overlays/pager.ts";
import type { Depth } from "../screen/style.ts";
import { openTerminal, type TerminalStreams } from "../screen/terminal.ts";
import { readSettings } from "../settings/settings.ts";
import { drawScreen } from "../views/screen.ts";
import { type App, frames, type Outside } from "./app.ts";
import { commandPrompt, plainText } from "./commandLine.ts";
import { allDeeds, builtDeeds } from "./deeds.ts";
import { readerOf } from "./reader.ts";
import { newUi, VIEWS, type ViewName } from "./ui.ts";

/** How a terminal is drawn on. */
export interface Look {
  readonly depth: Depth;
  readonly isAscii: boolean;
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
  );
  Object.assign(THEME, settings.looks);
  // A filter that makes no sense is told before anything is drawn.
  if (outside.filter !== "") await readData(outside.store, outside.filter);
  const ui = newUi();
  ui.filter = outside.filter;
  ui.view = VIEWS.find((view) => view === outside.view) ?? "columns";
  const deeds = allDeeds(settings);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const terminal = openTerminal(streams, look.depth, {
    onInput: (input) => loop.take(input),
    onResize: () => loop.redraw(),
    onEnd: () => end(),
  });
  const app = appOf({
    ui,
    terminal,
    outside,
    deeds,
    end: () => end(),
    redraw: () => loop.redraw(),
    hold: (work) => loop.hold(work),
  });
  const loop = frames(app, look.isAscii ? ASCII : UNICODE, drawScreen, keysOf(app, deeds));
  terminal.enter();
  try {
    await app.begin();
    // What there is shows before anything else is begun.
    if (ui.data !== undefined) await loop.shown();
    await app.refresh();
    const until = Promise.race([ended, outside.untilSignal]);
    await loop.shown();
    outside
      .watch(() => void app.refresh(), until)
      .catch((error: Error) => {
        ui.standing = "lost";
        app.say(error.message, "error");
      });
    await until;
  } finally {
    terminal.close();
  }
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
  if (said.code === 0) app.say(plainText(text), "good");
  else app.open(pager(`ayo ${argv.join(" ")}`, linesOf(text)));
}

interface Parts extends Pick<App, "ui" | "terminal" | "outside" | "redraw" | "hold"> {
  readonly deeds: readonly Deed[];
  readonly end: () => void;
}

function appOf({ ui, terminal, outside, deeds, end, redraw, hold }: Parts): App {
  const reader = readerOf(ui, outside, redraw);
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
  const doNow = async (asked: Parameters<App["do"]>[0]): Promise<void> => {
    const argv = typeof asked === "function" ? asked() : asked;
    if (argv === undefined) return;
    // What is marked while it is done, is meant by the next.
    const meant = [...ui.marks];
    app.say(`ayo ${argv.join(" ")} …`);
    const { code, out, err } = await outside.run(argv);
    if (code === 0) for (const id of meant) ui.marks.delete(id);
    // What is told can be seen.
    await reader.refresh();
    app.say(plainText(`${err}${out}`.trim()), code === 0 ? "good" : "error");
  };
  let last = Promise.resolve();
  const app: App = {
    ...reader,
    ui,
    outside,
    terminal,
    redraw,
    hold,
    away,
    edit: (argv) => edit(app, argv),
    histories: { filter: [], command: [] },
    quit: end,
    say: (text, tone = "plain") => {
      ui.message = { text: text.split("\n")[0] ?? "", tone };
      redraw();
    },
    open: (overlay) => {
      ui.overlays.push(overlay);
      redraw();
    },
    do: (argv) => {
      // One after the other, as they were typed.
      last = last.then(() => doNow(argv));
      return last;
    },
    openRow: () => {
      ui.pane = "preview";
      ui.isWhole = true;
      reader.moved();
    },
    copy: (text) => {
      terminal.copy(text);
      app.say(`copied ${text}`, "good");
    },
    askCommand: () => app.open(commandPrompt(app)),
    help: () => app.open(help(deeds, (deed) => void attempt(app, () => deed.run(app)))),
    suspend: () => away(outside.suspend),
    emptyText: () => EMPTY[ui.view] ?? "no tickets yet: c makes the first",
    keyHint: () => "? keys  / filter  : command  c new  s start  x close  m move  space mark  u undo  q leave",
  };
  return app;
}
