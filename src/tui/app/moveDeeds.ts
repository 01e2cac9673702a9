import { linesOf } from "../../ticket/printed/printedLines.ts";
import type { Deed } from "../keys/bindings.ts";
import { pager } from "../overlays/pager.ts";
import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";
import { moveLanes, moveRows, placeOf } from "./cursor.ts";
import { scrollPreview, VIEWS, type ViewName } from "./ui.ts";

const PAGE = 10;
const FAR = 1_000_000;

/** Keys that change nothing in the store: where the cursor stands, what is seen. */
export function moveDeeds(): readonly Deed[] {
  return [
    ...walking(),
    ...views(),
    {
      name: "filter",
      keys: ["/"],
      about: "filter: words, is:ready, tag:ui, assignee:@me",
      group: "Look",
      run: askFilter,
    },
    {
      name: "clear",
      keys: ["escape"],
      about: "back: out of the ticket, of marks, of the filter",
      group: "Look",
      run: (app) => back(app),
    },
    {
      name: "history",
      keys: ["g h"],
      about: "the history of the ticket",
      group: "Look",
      run: (app) => showOutput(app, (id) => ["ticket", "history", id]),
    },
    {
      name: "text",
      keys: ["g o"],
      about: "read what the cursor is on as a text: / searches, n and N go on; logs grow",
      group: "Look",
      run: readAsText,
    },
    {
      name: "messages",
      keys: ["g m"],
      about: "what was told before",
      group: "Look",
      run: (app) => app.showMessages(),
    },
    { name: "quit", keys: ["q", "ctrl+c"], about: "leave", group: "Look", run: (app) => app.quit() },
    {
      name: "redraw",
      keys: ["ctrl+l"],
      about: "draw the screen anew",
      group: "Look",
      run: (app) => {
        app.terminal.forget();
        return app.refresh();
      },
    },
    {
      name: "suspend",
      keys: ["ctrl+z"],
      about: "to the shell; fg comes back",
      group: "Look",
      run: (app) => app.suspend(),
    },
  ];
}

function walking(): Deed[] {
  const rows = (name: string, keys: string[], about: string, step: number): Deed => ({
    name,
    keys,
    about,
    group: "Walk",
    run: (app) => {
      if (app.ui.pane === "preview" || app.ui.isWhole) scrollPreview(app.ui, step);
      else {
        moveRows(app.ui, step);
        app.moved();
      }
    },
  });
  const lanes = (name: string, keys: string[], about: string, step: 1 | -1): Deed => ({
    name,
    keys,
    about,
    group: "Walk",
    run: (app) => {
      if (app.ui.view === "columns" && app.ui.pane === "main") moveLanes(app.ui, step);
      else app.ui.pane = step === 1 ? "preview" : "main";
      app.moved();
    },
  });
  return [
    rows("down", ["j", "down"], "down", 1),
    rows("up", ["k", "up"], "up", -1),
    lanes("left", ["h", "left"], "to the column on the left", -1),
    lanes("right", ["l", "right"], "to the column on the right", 1),
    rows("page-down", ["ctrl+d", "pagedown"], "a page down", PAGE),
    rows("page-up", ["ctrl+u", "pageup"], "a page up", -PAGE),
    rows("first", ["g g", "home"], "to the first", -FAR),
    rows("last", ["G", "end"], "to the last", FAR),
    {
      name: "open",
      keys: ["enter"],
      about: "open the ticket",
      group: "Walk",
      run: (app) => app.openRow(),
    },
    {
      name: "other-pane",
      keys: ["tab"],
      about: "between the list and the ticket",
      group: "Walk",
      run: ({ ui }) => {
        ui.pane = ui.pane === "main" ? "preview" : "main";
      },
    },
  ];
}

const VIEW_KEYS: Readonly<Record<ViewName, string>> = {
  columns: "g b",
  list: "g l",
  inbox: "g i",
  agents: "g a",
  tree: "g t",
  graph: "g d",
  projects: "g p",
};

function views(): Deed[] {
  return [
    ...VIEWS.map(
      (view): Deed => ({
        name: `view-${view}`,
        keys: [VIEW_KEYS[view]],
        about: `the view ${view}`,
        group: "Look",
        run: (app) => app.show(view),
      }),
    ),
    {
      name: "next-view",
      keys: ["]"],
      about: "the next view",
      group: "Look",
      run: (app) => app.show(VIEWS[(VIEWS.indexOf(app.ui.view) + 1) % VIEWS.length] ?? "columns"),
    },
    {
      name: "last-view",
      keys: ["["],
      about: "the view before",
      group: "Look",
      run: (app) => app.show(VIEWS[(VIEWS.indexOf(app.ui.view) + VIEWS.length - 1) % VIEWS.length] ?? "columns"),
    },
    {
      name: "list-or-columns",
      keys: ["v"],
      about: "between columns and list",
      group: "Look",
      run: (app) => app.show(app.ui.view === "columns" ? "list" : "columns"),
    },
  ];
}

/** Reads a log to its end, and the preview of anything else, as it is now and as it goes on. */
function readAsText({ ui, open, say, terminal }: App): void {
  const { preview } = ui;
  if (preview === undefined || preview.key !== placeOf(ui).row?.key) {
    say("nothing to read here", "error");
    return;
  }
  const lines = () =>
    (ui.preview?.key === preview.key ? ui.preview : preview).lines(Math.max(10, terminal.width() - 2));
  open(pager(preview.title, lines, preview.isLog === true));
}

function back(app: App): void {
  const { ui } = app;
  if (ui.isWhole || ui.pane === "preview") {
    ui.isWhole = false;
    ui.pane = "main";
  } else if (ui.marks.size > 0) ui.marks.clear();
  else if (ui.filter !== "") void app.filter("");
  else ui.message = undefined;
}

function askFilter(app: App): void {
  const { filter: before, view, cursors } = app.ui;
  const place = cursors.get(view);
  app.open(
    prompt({
      label: "/",
      text: before,
      history: app.histories.filter,
      onInput: (text) => app.filterSoon(text),
      onDone: (text) => {
        // Whoever leaves it is where they were.
        if (text === undefined && place !== undefined) cursors.set(view, place);
        void app.filter(text ?? before);
        if (text !== undefined && text !== "" && app.histories.filter.at(-1) !== text) app.histories.filter.push(text);
      },
      redraw: () => app.redraw(),
    }),
  );
}

/** Shows what a command prints of the ticket under the cursor. */
export async function showOutput(app: App, words: (id: string) => readonly string[]): Promise<void> {
  const { row } = placeOf(app.ui);
  if (row === undefined || row.id === "") return;
  const argv = words(row.id);
  const { out, err } = await app.outside.run(argv);
  app.open(pager(`ayo ${argv.join(" ")}`, linesOf(`${err}${out}`.trimEnd())));
}
