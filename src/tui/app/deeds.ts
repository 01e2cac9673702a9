import { linesOf } from "../../ticket/printed/printedLines.ts";
import type { Deed } from "../keys/bindings.ts";
import { pager } from "../overlays/pager.ts";
import { lineFor, type OwnCommand, type Settings } from "../settings/settings.ts";
import type { App } from "./app.ts";
import { changeDeeds } from "./changeDeeds.ts";
import { placeOf } from "./cursor.ts";
import { moveDeeds } from "./moveDeeds.ts";
import { otherDeeds } from "./otherDeeds.ts";

/** All that keys do unless `tui.yml` says otherwise. */
export function builtDeeds(): readonly Deed[] {
  return [...moveDeeds(), ...changeDeeds(), ...otherDeeds()];
}

/** All that keys do, as `?` lists it: with the user's keys and commands. */
export function allDeeds({ keys, commands }: Settings): readonly Deed[] {
  const own = commands.map(ownDeed);
  const taken = new Set([...Object.values(keys).flat(), ...commands.map(({ key }) => key)]);
  const built = builtDeeds().map((deed) => ({
    ...deed,
    keys: keys[deed.name] ?? deed.keys.filter((key) => !taken.has(key)),
  }));
  return [...own, ...built];
}

function ownDeed({ key, about, run, show }: OwnCommand): Deed {
  return { name: `own ${key}`, keys: [key], about, group: "Own", run: (app) => runOwn(app, run, show) };
}

async function runOwn(app: App, run: string, show: OwnCommand["show"]): Promise<void> {
  const { ui, outside } = app;
  const id = placeOf(ui).row?.id ?? "";
  const ticket = ui.data?.view.byId.get(id);
  if (ticket === undefined && /\{\{/.test(run)) return app.say("no ticket here", "error");
  const values = { id, title: ticket?.title ?? "", path: ticket === undefined ? "" : outside.pathOf(ticket.path) };
  const line = lineFor(run, values);
  if (show === "terminal") return app.away(() => outside.shell(line, true));
  const { code, out, err } = await outside.shell(line, false);
  const text = `${out}${err}`.trimEnd();
  if (text.includes("\n")) app.open(pager(line, linesOf(text)));
  else app.say(text === "" ? `${line}: ${code === 0 ? "done" : `exit ${code}`}` : text, code === 0 ? "good" : "error");
  await app.refresh();
}
