import { AyoError } from "../../error.ts";
import { ticketPreview } from "../data/preview.ts";
import { readData } from "../data/source.ts";
import { ASCII, UNICODE } from "../draw/theme.ts";
import { deedFor } from "../keys/bindings.ts";
import type { Input } from "../keys/decode.ts";
import { help } from "../overlays/help.ts";
import { pager } from "../overlays/pager.ts";
import { prompt } from "../overlays/prompt.ts";
import { linesOf } from "../screen/ansi.ts";
import type { Depth } from "../screen/style.ts";
import { openTerminal, type TerminalStreams } from "../screen/terminal.ts";
import { ticketLanes } from "../views/lanes.ts";
import { type OtherRow, otherRows } from "../views/otherRows.ts";
import { drawScreen } from "../views/screen.ts";
import { type App, frames, type Outside } from "./app.ts";
import { placeOf, putCursor } from "./cursor.ts";
import { allDeeds } from "./deeds.ts";
import { newUi, type Ui, VIEWS, type ViewName } from "./ui.ts";

/** How a terminal is drawn on. */
export interface Look {
  readonly depth: Depth;
  readonly isAscii: boolean;
}

/** What the cursor rests on is read after so long; who holds a key down reads nothing. In milliseconds. */
const REST_MS = 40;
/** What an agent at work says is read again after so long. In milliseconds. */
const LIVE_MS = 700;
/** Views that are made of more than tickets. */
const OTHERS: readonly ViewName[] = ["inbox", "agents", "projects"];
/** What a view says that has nothing. */
const EMPTY: Partial<Readonly<Record<ViewName, string>>> = {
  inbox: "nothing needs you",
  agents: "no agent has worked here: ayo work starts them",
  projects: "no projects yet: :project create makes one",
};
/** A filter that is being typed is applied after so long. In milliseconds. */
const TYPED_MS = 120;

/** Shows the board on a terminal until the user leaves it, or the process is asked to end. */
export async function runTui(streams: TerminalStreams, look: Look, outside: Outside): Promise<void> {
  const ui = newUi();
  ui.filter = outside.filter;
  ui.view = VIEWS.find((view) => view === outside.view) ?? "columns";
  const deeds = allDeeds();
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const terminal = openTerminal(streams, look.depth, {
    onInput: (input) => loop.take(input),
    onResize: () => loop.redraw(),
    onEnd: () => end(),
  });
  const app = appOf({ ui, terminal, outside, deeds, end: () => end(), redraw: () => loop.redraw() });
  let waiting = "";
  const press = (input: Input): void => {
    if (input.kind !== "key") return;
    const found = deedFor(deeds, waiting, input.key);
    waiting = found.waiting;
    if (found.deed === undefined) return;
    ui.message = undefined;
    void attempt(app, () => found.deed?.run(app));
  };
  const loop = frames(app, look.isAscii ? ASCII : UNICODE, drawScreen, press);
  terminal.enter();
  try {
    await app.refresh();
    const watching = outside.watch(() => void app.refresh(), Promise.race([ended, outside.untilSignal]));
    watching.catch((error: Error) => {
      ui.standing = "lost";
      app.say(error.message, "error");
    });
    await Promise.race([ended, outside.untilSignal]);
  } finally {
    terminal.close();
  }
}

async function attempt(app: App, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    app.say(error.message, "error");
  }
}

interface Parts extends Pick<App, "ui" | "terminal" | "outside"> {
  readonly deeds: ReturnType<typeof allDeeds>;
  readonly end: () => void;
  readonly redraw: () => void;
}

function appOf({ ui, terminal, outside, deeds, end, redraw }: Parts): App {
  const histories: App["histories"] = { filter: [], command: [] };
  const reader = readerOf(ui, outside, redraw);
  const app: App = {
    ui,
    outside,
    terminal,
    histories,
    redraw,
    say: (text, tone = "plain") => {
      ui.message = { text: text.split("\n")[0] ?? "", tone };
      redraw();
    },
    open: (overlay) => {
      ui.overlays.push(overlay);
      redraw();
    },
    refresh: reader.refresh,
    moved: reader.moved,
    filter: reader.filter,
    filterSoon: reader.filterSoon,
    away: async (work) => {
      terminal.leave();
      try {
        await work();
      } finally {
        terminal.enter();
        await reader.refresh();
      }
    },
    do: async (argv) => {
      app.say(`ayo ${argv.join(" ")} …`);
      const { code, out, err } = await outside.run(argv);
      const lines = `${err}${out}`.trim().split("\n");
      app.say(plainText(code === 0 ? lines.join("  ") : lines.slice(0, 2).join("  ")), code === 0 ? "good" : "error");
      if (code === 0) ui.marks.clear();
      await reader.refresh();
    },
    show: (view) => void reader.show(view),
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
    suspend: async () => {
      terminal.leave();
      await outside.suspend();
      terminal.enter();
      await reader.refresh();
    },
    quit: end,
    lineOf: reader.lineOf,
    emptyText: () => EMPTY[ui.view] ?? "no tickets yet: c makes the first",
    keyHint: () => "? keys  / filter  : command  c new  s start  x close  m move  space mark  u undo  q leave",
  };
  return app;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what commands print has colours
const SGR = /\u001b\[[0-9;]*m/g;

function plainText(text: string): string {
  return text.replaceAll(SGR, "").replace(/^error: /, "");
}

function commandPrompt(app: App) {
  return prompt({
    label: ":",
    history: app.histories.command,
    complete: async (text) => {
      const words = text.split(/\s+/);
      const before = words.slice(0, -1).join(" ");
      const found = await app.outside.complete(words);
      return found.map((word) => (before === "" ? word : `${before} ${word}`));
    },
    onDone: (text) => {
      if (text === undefined || text.trim() === "") return;
      app.histories.command.push(text);
      void runCommand(app, text.trim());
    },
    redraw: () => app.redraw(),
  });
}

async function runCommand(app: App, line: string): Promise<void> {
  if (["q", "quit"].includes(line)) return app.quit();
  const argv = wordsOf(line.replace(/^ayo\s+/, ""));
  const { code, out, err } = await app.outside.run(argv);
  const text = `${err}${out}`.trimEnd();
  if (code === 0 && !text.includes("\n")) app.say(plainText(text), "good");
  else app.open(pager(`ayo ${line}`, linesOf(text)));
  await app.refresh();
}

/** A line as a shell takes it apart: words in quotes are one. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replaceAll(/\\(.)/g, "$1") ?? single ?? bare ?? "",
  );
}

/** Reads the store and what the cursor stands on, one after the other, never older than what shows. */
function readerOf(ui: Ui, outside: Outside, redraw: () => void) {
  let others: readonly OtherRow[] | undefined;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let filterTimer: ReturnType<typeof setTimeout> | undefined;
  const lanes = (): void => {
    const before = placeOf(ui);
    if (others !== undefined) ui.lanes = [{ name: ui.view, rows: others }];
    else if (ui.data !== undefined) ui.lanes = ticketLanes(ui.view, ui.data);
    if (before.row !== undefined && ui.cursors.get(ui.view) === undefined) putCursor(ui, before.lane, before.at);
    moved();
    redraw();
  };
  const readPreview = async (): Promise<void> => {
    const { row } = placeOf(ui);
    const other = others?.find(({ key }) => key === row?.key);
    if (row === undefined || (row.id === "" && other === undefined)) return;
    try {
      const preview = await (other?.preview() ?? ticketPreview(outside.store, row.id));
      if (placeOf(ui).row?.key !== row.key) return;
      if (ui.preview?.key !== row.key) ui.previewScroll = 0;
      ui.preview = { ...preview, key: row.key };
      redraw();
      if (other?.isLive === true) timer = setTimeout(() => void readPreview(), LIVE_MS);
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
    }
  };
  const moved = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void readPreview(), REST_MS);
    redraw();
  };
  const refresh = async (): Promise<void> => {
    const own = ++turn;
    try {
      const view = ui.view;
      const [data, rows] = await Promise.all([readData(outside.store, ui.filter), otherRows(view, outside)]);
      if (own !== turn || view !== ui.view) return;
      others = rows;
      ui.data = data;
      ui.trouble = "";
      ui.filterProblem = "";
      if (ui.standing === "reading") ui.standing = "live";
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      if (own !== turn) return;
      if (error.code === "bad_input" && ui.filter !== "") ui.filterProblem = error.message;
      else ui.trouble = error.message;
    }
    for (const id of ui.marks) if (ui.data?.view.byId.has(id) === false) ui.marks.delete(id);
    lanes();
  };
  const show = async (view: ViewName): Promise<void> => {
    ui.view = view;
    ui.isWhole = false;
    ui.pane = "main";
    others = undefined;
    if (OTHERS.includes(view)) {
      ui.lanes = [];
      redraw();
      await refresh();
    } else lanes();
  };
  const filter = (text: string): Promise<void> => {
    clearTimeout(filterTimer);
    ui.filter = text.trim();
    return refresh();
  };
  return {
    refresh,
    show,
    lineOf: (key: string) => others?.find((row) => row.key === key)?.spans,
    moved,
    filter,
    filterSoon: (text: string) => {
      clearTimeout(filterTimer);
      filterTimer = setTimeout(() => void filter(text), TYPED_MS);
    },
  };
}
