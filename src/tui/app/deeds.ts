import { AyoError } from "../../error.ts";
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

/** All that keys do, as `?` lists it: with the user's keys and commands, and those of the store. */
export function allDeeds({ keys, commands }: Settings, ofStore: readonly OwnCommand[] = []): readonly Deed[] {
  const own = commands.map(ownDeed);
  const taken = new Set([...Object.values(keys).flat(), ...commands.map(({ key }) => key)]);
  const built = builtDeeds().map((deed) => ({
    ...deed,
    keys: keys[deed.name] ?? deed.keys.filter((key) => !taken.has(key)),
  }));
  // A store takes no key that does something already.
  const free = ofStore.filter(({ key }) => clashOf([...own, ...built], key) === undefined);
  return [...own, ...built, ...free.map((command) => ({ ...ownDeed(command), group: "Store" }))];
}

/** What a key does already, or that of two keys it is the first of. */
export function clashOf(deeds: readonly Deed[], key: string): Deed | undefined {
  const clashes = (other: string): boolean =>
    other === key || other.startsWith(`${key} `) || key.startsWith(`${other} `);
  return deeds.find(({ keys }) => keys.some(clashes));
}

/**
 * That no key of the user's is to do two things, and none makes others unreachable.
 * @throws bad_config
 */
export function assertNoClash({ keys, commands }: Settings): void {
  const asked: [key: string, at: string][] = [
    ...Object.entries(keys).flatMap(([name, list]) => list.map((key): [string, string] => [key, `keys.${name}`])),
    ...commands.map(({ key }, at): [string, string] => [key, `commands.${at}`]),
  ];
  const deeds = allDeeds({ keys, commands, looks: {} });
  for (const [index, [key, at]] of asked.entries()) {
    const twice = asked.find(([other], before) => before < index && other === key);
    if (twice !== undefined) throw clash(key, at, `is ${twice[1]} already`);
    const longer = deeds.find((deed) => deed.keys.some((other) => other.startsWith(`${key} `)));
    if (longer !== undefined) throw clash(key, at, `begins a key of ${longer.name}, which could not be typed`);
  }
}

function clash(key: string, at: string, fact: string): AyoError {
  return new AyoError("bad_config", `${at}: '${key}' ${fact}`, { data: { key: at } });
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
