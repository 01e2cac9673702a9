import { ticketName } from "../data/commands.ts";
import { changeMany, moveMany } from "../data/many/changeMany.ts";
import type { Operation } from "../data/many/target.ts";
import type { Model } from "../data/model.ts";
import { offered, type Projects } from "../data/projects.ts";
import { type Card, isFinished } from "../data/shapes.ts";
import { countNames } from "../data/shown/names.ts";
import type { Picking, PickKind } from "../page/pick.ts";
import { dayText } from "../page/times.ts";
import { capital, percent } from "../words/forms.ts";
import { say } from "../words/say.ts";
import type { Choice } from "./combobox.tsx";
import { daysOf } from "./dueWords.ts";

/** What a list is made of. */
export interface Known {
  readonly model: Model;
  readonly projects: Projects;
  /** Agents that have no ticket yet, too. */
  readonly agents: readonly string[];
  readonly now: Date;
  /** Of lists of which several hold: what was put in (true) or taken out since the list was opened. */
  readonly changed: ReadonlyMap<string, boolean>;
  readonly fresh?: Fresh | undefined;
}

/** A ticket that is not made yet. */
export interface Fresh {
  readonly card: Card;
  /** Takes what was chosen for it. */
  readonly put: (chosen: Operation) => void;
}

/** Lists of which several hold at once: choosing puts one in or takes it out, and the list stays. */
export const SEVERAL: readonly PickKind[] = ["tags", "deps"];
/** So many tickets, tags or names are shown. */
const SHOWN = 30;
const LONGEST_NAME = 500;

/** The lines of a list that fit what is typed. */
export function pickChoices({ kind, ids }: Picking, text: string, known: Known): Choice[] {
  const { fresh } = known;
  const cards = fresh === undefined ? ids.flatMap((id) => known.model.cards.get(id) ?? []) : [fresh.card];
  const change: Asked["change"] = (operation, said) => () =>
    fresh === undefined ? void changeMany(ids, operation, said) : fresh.put(operation);
  return MAKERS[kind]({ ...known, ids, cards, text, change, fits: fitter(text) });
}

interface Asked extends Known {
  readonly ids: readonly string[];
  readonly cards: readonly Card[];
  readonly text: string;
  readonly change: (operation: Operation, said: string) => () => void;
  readonly fits: (words: string) => boolean;
}

const MAKERS: Readonly<Record<PickKind, (asked: Asked) => Choice[]>> = {
  status: ({ model, ids, cards, fits }) =>
    model.columns
      .filter(({ id, name }) => fits(`${name} ${id}`))
      .map((column) => ({
        key: column.id,
        text: column.name,
        hint: column.category === null ? "" : say.categories[column.category],
        has: hasAll(cards, ({ status }) => status === column.id),
        run: () => void moveMany(ids, column),
      })),
  priority: ({ change, cards, fits }) =>
    say.priorities
      .map((name, priority) => ({
        key: name,
        text: capital(name),
        hint: String(priority),
        has: hasAll(cards, (card) => card.priority === priority),
        run: change({ op: "update", priority }, say.did.priority(String(priority))),
      }))
      .filter((choice) => fits(`${choice.hint} ${choice.text}`)),
  assignee: assignees,
  tags,
  project: ({ projects, change, cards, text, fits }) => {
    const { find } = projects;
    const choices = offered(projects, cards[0]?.project ?? "")
      .filter(({ name, slug }) => fits(`${name} ${slug}`))
      .map(({ slug, name, progress }) => ({
        key: slug,
        text: name,
        hint: progress === null ? "" : say.picker.done(percent(progress)),
        has: hasAll(cards, ({ project }) => project !== null && (find(project)?.slug ?? project) === slug),
        run: change({ op: "update", project: slug }, say.did.project(name)),
      }));
    return withNone(choices, text, cards, "project", change({ op: "update", project: "" }, say.did.noProject));
  },
  parent: ({ model, ids, change, cards, text, fits }) => {
    const choices = tickets(model, ids, fits).map(({ id, title, status }) => ({
      key: id,
      text: title,
      hint: `${id} · ${status}`,
      has: hasAll(cards, ({ parent }) => parent === id),
      run: change({ op: "update", parent: id }, say.did.partOf(ticketName(id))),
    }));
    return withNone(choices, text, cards, "parent", change({ op: "update", parent: "" }, say.did.noParent));
  },
  deps: ({ model, ids, cards, fits, changed }) =>
    chosenFirst(
      tickets(model, ids, fits).map(({ id, title, status }) => ({
        key: id,
        text: title,
        hint: `${id} · ${status}`,
        has: changed.get(id) ?? hasAll(cards, ({ deps }) => deps.includes(id)),
        run: () => {},
      })),
    ),
  due: ({ change, cards, text, now }) => {
    const days = daysOf(text, now).map(({ text: name, date }) => ({
      key: `${name} ${date}`,
      text: name,
      hint: dayText(date),
      has: hasAll(cards, ({ due }) => due === date),
      run: change({ op: "update", due: date }, say.did.due(dayText(date))),
    }));
    return withNone(days, text, cards, "due", change({ op: "update", due: "" }, say.did.noDue));
  },
};

function assignees({ model, change, cards, agents, text, fits }: Asked): Choice[] {
  const counts = countNames(model, agents);
  const assign = (name: string): (() => void) =>
    change({ op: "assign", assignee: name }, name === "" ? say.did.assignedToNobody : say.did.assigned(name));
  const names = [...counts.keys()]
    .filter(fits)
    .sort((left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0));
  const choices = names.slice(0, SHOWN).map((name) => ({
    key: name,
    text: name,
    hint: name === model.config.actor.name ? say.picker.you : "",
    has: hasAll(cards, ({ assignee }) => assignee?.split(", ").includes(name) ?? false),
    run: assign(name),
  }));
  const known = withNone(choices, text, cards, "assignee", assign(""));
  const made = text.replaceAll(/\s+/g, " ");
  if (made === "" || counts.has(made) || nameFault(made) !== "") return known;
  return [
    ...known,
    { key: " new", text: say.picker.assignTo(made), hint: say.picker.fresh, has: false, run: assign(made) },
  ];
}

/** Why nobody can be called so; "" where somebody can. */
export function nameFault(name: string): string {
  if (name.length > LONGEST_NAME) return say.dialogs.longName(LONGEST_NAME);
  if (!name.startsWith("@") || /^@[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return "";
  return say.dialogs.noAgentName;
}

function tags({ model, cards, text, fits, changed, fresh }: Asked): Choice[] {
  const counts = new Map<string, number>();
  for (const card of model.cards.values()) for (const tag of card.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  for (const tag of [...changed.keys(), ...(fresh?.card.tags ?? [])]) if (!counts.has(tag)) counts.set(tag, 0);
  const names = [...counts.keys()].filter(fits).sort((left, right) => (left < right ? -1 : 1));
  const known = names.map((tag) => ({
    key: tag,
    text: tag,
    hint: String(counts.get(tag)),
    has: changed.get(tag) ?? hasAll(cards, (card) => card.tags.includes(tag)),
    run: () => {},
  }));
  const made = text.replaceAll(/[\s,]+/g, "-");
  const shown = chosenFirst(known).slice(0, SHOWN);
  if (made === "" || counts.has(made)) return shown;
  return [...shown, { key: made, text: say.picker.newTag(made), hint: "", has: false, run: () => {} }];
}

/** Changes tickets by what was put into a list of several and taken out, in one commit. */
export function changeSeveral({ kind, ids }: Picking, changed: ReadonlyMap<string, boolean>, fresh?: Fresh): void {
  const added = [...changed].flatMap(([value, is]) => (is ? [value] : []));
  const removed = [...changed].flatMap(([value, is]) => (is ? [] : [value]));
  if (changed.size === 0) return;
  const [add, remove] = kind === "tags" ? ["addTag", "removeTag"] : ["addDep", "removeDep"];
  const [one, none] = kind === "tags" ? [say.did.tag, say.did.noTag] : [say.did.waits, say.did.waitsNoLonger];
  const names = (values: readonly string[]): string =>
    values.map((value) => (kind === "tags" ? value : ticketName(value))).join(", ");
  const said = [
    ...(added.length === 0 ? [] : [one(names(added))]),
    ...(removed.length === 0 ? [] : [none(names(removed))]),
  ];
  const operation = {
    op: "update",
    ...(added.length === 0 ? {} : { [add as string]: added }),
    ...(removed.length === 0 ? {} : { [remove as string]: removed }),
  };
  if (fresh === undefined) void changeMany(ids, operation, said.join(", "));
  else fresh.put(operation);
}

/** Other tickets than these, unfinished ones first. */
function tickets(model: Model, ids: readonly string[], fits: (words: string) => boolean): Card[] {
  const others = [...model.cards.values()].filter(({ id, title }) => !ids.includes(id) && fits(`${id} ${title}`));
  const open = others.filter((card) => !isFinished(card));
  return [...open.slice(0, SHOWN), ...others.filter(isFinished)].slice(0, SHOWN);
}

/** With a line for none of them, where nothing is typed and something is chosen. */
function withNone(
  choices: readonly Choice[],
  text: string,
  cards: readonly Card[],
  field: "assignee" | "project" | "parent" | "due",
  run: () => void,
): Choice[] {
  const none = say.picker[NONE[field]];
  const isNone = cards.every((card) => card[field] == null);
  const line = { key: " none", text: none, hint: "", has: isNone, run };
  return text === "" || none.toLowerCase().startsWith(text.toLowerCase()) ? [line, ...choices] : [...choices];
}

const NONE = { assignee: "nobody", project: "noProject", parent: "noParent", due: "noDue" } as const;

function chosenFirst(choices: readonly Choice[]): Choice[] {
  return [...choices.filter(({ has }) => has !== false), ...choices.filter(({ has }) => has === false)];
}

/** Whether all of the tickets, or some of them, are so. */
function hasAll(cards: readonly Card[], is: (card: Card) => boolean): boolean | "some" {
  const count = cards.filter(is).length;
  return count === 0 ? false : count === cards.length ? true : "some";
}

function fitter(text: string): (words: string) => boolean {
  const wanted = text.toLowerCase().split(/\s+/);
  return (words) => {
    const known = words.toLowerCase();
    return wanted.every((word) => known.includes(word));
  };
}
