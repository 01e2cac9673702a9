import type { Deed } from "../keys/bindings.ts";
import type { Choice } from "../overlays/choices.ts";
import { picker } from "../overlays/picker.ts";
import type { App } from "./app.ts";
import { targets } from "./cursor.ts";
import { MANY, sure } from "./sure.ts";

type Words = (ids: readonly string[], values: readonly string[]) => readonly string[];

/** Keys that open a list to choose a value from, for all tickets that are meant. */
export function pickDeeds(): readonly Deed[] {
  const update =
    (flag: string): Words =>
    (ids, values) => ["ticket", "update", ...ids, ...values.flatMap((value) => [flag, value])];
  return [
    pick({ name: "move", key: "m", about: "move to a column", choices: columnsIn, words: update("--status") }),
    pick({ name: "priority", key: "p", about: "priority", choices: () => PRIORITIES, words: update("--priority") }),
    pick({
      name: "assign",
      key: "a",
      about: "who should do it",
      choices: namesIn,
      words: (ids, [value = ""]) => ["ticket", "update", ...ids, "--assignee", value === NOBODY ? "" : value],
      isFree: true,
    }),
    pick({
      name: "tag",
      key: "t",
      about: "add a tag",
      choices: tagsIn,
      words: update("--add-tag"),
      isFree: true,
      isMany: true,
    }),
    pick({
      name: "untag",
      key: "-",
      about: "take a tag away",
      choices: (app) => own(app, ({ tags = [] }) => tags),
      words: update("--remove-tag"),
      isMany: true,
    }),
    pick({ name: "due", key: "D", about: "when it is due", choices: () => DAYS, words: update("--due"), isFree: true }),
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
      isMany: true,
    }),
    pick({
      name: "waits-no-more",
      key: "W",
      about: "wait for a ticket no longer",
      choices: (app) => {
        const deps = own(app, (fields) => fields.deps ?? []).map(({ value }) => value);
        return ticketsIn(app).filter(({ value }) => deps.includes(value));
      },
      words: update("--remove-dep"),
      isMany: true,
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
  /** Several may be chosen. */
  readonly isMany?: boolean;
}

function pick({ name, key, about, choices, words, isFree = false, isMany = false }: Pick): Deed {
  const choose = (app: App, ids: readonly string[]): void => {
    const onDone = (values: readonly string[] | undefined): void => {
      if (values !== undefined && values.length > 0) void app.do(words(ids, values));
    };
    const offered = choices(app);
    if (offered.length === 0 && !isFree) app.say(`${about}: there is none`, "error");
    else app.open(picker({ title: about, choices: offered, isFree, isMany, onDone }));
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
const DAYS: readonly Choice[] = [
  ...["today", "tomorrow", "monday", "friday", "1w", "2w"].map((value) => ({ value, text: value })),
  { value: "", text: "never" },
].map((choice) => (choice.value === "" ? choice : { ...choice, about: "or a day: 2026-12-01, 3d" }));
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

/** What the tickets that are meant have. */
function own(app: App, of: (fields: Fields) => readonly string[]): Choice[] {
  const values = targets(app.ui).flatMap((id) => {
    const fields = app.ui.data?.view.byId.get(id)?.fields;
    return fields === undefined ? [] : of(fields);
  });
  return [...new Set(values)].map((value) => ({ value, text: value }));
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
