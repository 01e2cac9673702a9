import type { Deed } from "../keys/bindings.ts";
import { prompt } from "../overlays/prompt.ts";
import type { App } from "./app.ts";
import { placeOf } from "./cursor.ts";
import { sure } from "./sure.ts";

/** Keys for what stands in the inbox and among the agents, and for saved views. */
export function otherDeeds(): readonly Deed[] {
  return [
    {
      name: "put-away",
      keys: ["d"],
      about: "put a line of the inbox away",
      group: "Inbox",
      run: (app) => onLine(app, "inbox", (key) => app.do(["inbox", "done", key])),
    },
    {
      name: "act",
      keys: ["!"],
      about: "do what a line of the inbox asks for: its command, to be looked at first",
      group: "Inbox",
      run: (app) => onLine(app, "inbox", (key) => app.askCommand(app.actOf(key))),
    },
    {
      name: "snooze",
      keys: ["z"],
      about: "put a line of the inbox away for a while",
      group: "Inbox",
      run: (app) => onLine(app, "inbox", (key) => snooze(app, key)),
    },
    {
      name: "stop-run",
      keys: ["K"],
      about: "end the run of an agent",
      group: "Agents",
      run: (app) => onLine(app, "agents", (key) => stop(app, key.replace(/^run /, ""))),
    },
    {
      name: "retry-run",
      keys: ["R"],
      about: "have it tried once more",
      group: "Agents",
      run: (app) => onLine(app, "agents", (_, id) => app.do(["run", "retry", id])),
    },
    ...savedViews(),
  ];
}

function onLine(app: App, view: App["ui"]["view"], use: (key: string, id: string) => unknown): void {
  const { row } = placeOf(app.ui);
  if (app.ui.view !== view || row === undefined) app.say(`in the view ${view} only`, "error");
  else use(row.key, row.id);
}

function stop(app: App, run: string): void {
  sure(app, `end the run ${run}`, () => app.do(["run", "stop", run]));
}

function snooze(app: App, key: string): void {
  const onDone = (until: string | undefined): void => {
    if (until !== undefined && until !== "") void app.do(["inbox", "snooze", key, "--until", until]);
  };
  app.open(prompt({ label: "Until (monday, 2h, 2026-12-01):", onDone, redraw: () => app.redraw() }));
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The views that config.yml names, on the digits; 0 is all tickets. */
function savedViews(): Deed[] {
  return [
    { name: "view-0", keys: ["0"], about: "all tickets", group: "Look", run: (app) => app.filter("") },
    ...DIGITS.map(
      (digit, at): Deed => ({
        name: `view-${digit}`,
        keys: [digit],
        about: `the saved view number ${digit}`,
        group: "Look",
        run: (app) => {
          const view = app.ui.data?.saved[at];
          if (view === undefined) app.say(`config.yml names ${app.ui.data?.saved.length ?? 0} views`, "error");
          else return app.filter(view.filter).then(() => app.say(view.name));
        },
      }),
    ),
  ];
}
