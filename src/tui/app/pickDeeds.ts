import type { Deed } from "../keys/bindings.ts";
import { type Choice, picker } from "../overlays/picker.ts";
import type { App } from "./app.ts";
import { targets } from "./cursor.ts";
import { MANY, sure } from "./sure.ts";

type Words = (ids: readonly string[], value: string) => readonly string[];

/** Keys that open a list to choose a value from, for all tickets that are meant. */
export function pickDeeds(): readonly Deed[] {
  const update =
    (flag: string): Words =>
    (ids, value) => ["ticket", "update", ...ids, flag, value];
  return [
    pick({ name: "move", key: "m", about: "move to a column", choices: columnsIn, words: update("--status") }),
    pick({ name: "priority", key: "p", about: "priority", choices: () => PRIORITIES, words: update("--priority") }),
    pick({
      name: "assign",
      key: "a",
      about: "who should do it",
      choices: namesIn,
      words: (ids, value) => ["ticket", "update", ...ids, "--assignee", value === NOBODY ? "" : value],
      isFree: true,
    }),
    pick({ name: "tag", key: "t", about: "add a tag", choices: tagsIn, words: update("--add-tag"), isFree: true }),
    pick({ name: "untag", key: "-", about: "take a tag away", choices: tagsIn, words: update("--remove-tag") }),
    pick({
      name: "project",
      key: "P",
      about: "project",
      choices: projectsIn,
      words: update("--project"),
      isFree: true,
    }),
    pick({
      name: "waits-for",
      key: "w",
      about: "wait for another ticket",
      choices: ticketsIn,
      words: update("--add-dep"),
    }),
    pick({
      name: "parent",
      key: "U",
      about: "make it a part of a ticket",
      choices: ticketsIn,
      words: update("--parent"),
    }),
  ];
}

interface Pick {
  readonly name: string;
  readonly key: string;
  readonly about: string;
  readonly choices: (app: App) => readonly Choice[];
  readonly words: Words;
  /** What is typed may be a value as well. */
  readonly isFree?: boolean;
}

function pick({ name, key, about, choices, words, isFree = false }: Pick): Deed {
  const choose = (app: App, ids: readonly string[]): void => {
    const onDone = (values: readonly string[] | undefined): void => {
      const value = values?.[0];
      if (value !== undefined) void app.do(words(ids, value));
    };
    app.open(picker({ title: about, choices: choices(app), isFree, onDone }));
  };
  return { name, keys: [key], about, group: "Change", run: (app) => withSome(app, (ids) => choose(app, ids), true) };
}

/** Does something with the tickets that are meant, where there are any; of many it is asked first, unless a list asks anyway. */
export async function withSome(app: App, use: (ids: readonly string[]) => unknown, isAsked = false): Promise<void> {
  const ids = targets(app.ui);
  if (ids.length === 0) app.say("no ticket here", "error");
  else if (ids.length < MANY || isAsked) await use(ids);
  else sure(app, `do this to ${ids.length} tickets`, () => use(ids));
}

const NOBODY = "nobody";
const PRIORITIES: readonly Choice[] = ["critical", "high", "medium", "low", "lowest"].map((about, at) => ({
  value: String(at),
  text: `P${at}`,
  about,
}));

function columnsIn({ ui }: App): Choice[] {
  return (ui.data?.view.board.columns ?? []).map(({ id, name, category }) => ({
    value: id,
    text: name,
    about: category,
  }));
}

type Fields = NonNullable<App["ui"]["data"]>["view"]["tickets"][number]["fields"];

function valuesIn({ ui }: App, of: (fields: Fields) => readonly string[]): Choice[] {
  const counts = new Map<string, number>();
  for (const { fields } of ui.data?.view.tickets ?? []) {
    for (const value of of(fields)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .map(([value, count]) => ({ value, text: value, about: String(count) }));
}

function namesIn(app: App): Choice[] {
  return [
    { value: "nobody", text: "nobody" },
    ...valuesIn(app, ({ assignee = [], claimedBy }) => [...assignee, ...(claimedBy === undefined ? [] : [claimedBy])]),
  ];
}

function ticketsIn({ ui }: App): Choice[] {
  return (ui.data?.view.tickets ?? []).map(({ id, title, status }) => ({
    value: id,
    text: id,
    about: `${title} (${status})`,
  }));
}

function tagsIn(app: App): Choice[] {
  return valuesIn(app, ({ tags = [] }) => tags);
}

function projectsIn(app: App): Choice[] {
  return valuesIn(app, ({ project }) => (project === undefined ? [] : [project]));
}
