import type { Why } from "../mappingTable.ts";
import { namesHere } from "../people.ts";
import type { Mapping, Scalar, Value } from "../provider.ts";
import { lineKey, textToRemote } from "./texts.ts";

/** A state of a team's workflow. */
export interface StateNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly archivedAt?: string | null;
}

/** A label. */
export interface LabelNode {
  readonly id: string;
  readonly name: string;
  readonly isGroup: boolean;
  readonly archivedAt?: string | null;
}

/** A person or an app. */
export interface UserNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly active: boolean;
}

/** What config says of the mapping: columns to ids of states, our names to ids of people. */
export interface MapConfig {
  readonly states: Readonly<Record<string, string>>;
  readonly people: Readonly<Record<string, string>>;
}

/** Names that states have by convention, for each kind of column. */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["open", ["Todo", "To do", "Open", "Backlog"]],
  ["in_progress", ["In Progress", "Doing", "Started"]],
  ["in_review", ["In Review", "Review"]],
  ["blocked", ["Blocked", "Paused"]],
  ["closed", ["Done", "Closed", "Completed"]],
  ["failed", ["Failed"]],
  ["cancelled", ["Canceled", "Cancelled"]],
]);
const TYPES: ReadonlyMap<string, string> = new Map([
  ["open", "unstarted"],
  ["in_progress", "started"],
  ["in_review", "started"],
  ["blocked", "started"],
  ["closed", "completed"],
  ["failed", "canceled"],
  ["cancelled", "canceled"],
]);
/** The column for a state that no column is mapped to, by its type; other types are nobody's. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ["triage", "open"],
  ["backlog", "open"],
  ["unstarted", "open"],
  ["started", "in_progress"],
  ["completed", "closed"],
  ["canceled", "cancelled"],
  ["duplicate", "cancelled"],
]);

const WHYS: readonly Why[] = ["config", "name", "convention", "only of its type", "none"];

/** A column and the state that it is. */
export interface Choice {
  readonly column: string;
  readonly state: StateNode | undefined;
  readonly why: Why;
}

/**
 * Columns and the states that they are: what config says, else the state of its own name, else one of a name that is
 * usual, else the only state of the type. Where several would do, none is chosen.
 */
export function choicesOf(
  columns: readonly string[],
  states: readonly StateNode[],
  config: Readonly<Record<string, string>>,
): readonly Choice[] {
  const live = states.filter(({ archivedAt }) => !archivedAt);
  const byName = (name: string): StateNode | undefined =>
    live.find((state) => state.name.toLowerCase() === name.toLowerCase().replaceAll("_", " "));
  return columns.map((column): Choice => {
    if (Object.hasOwn(config, column)) {
      return { column, state: live.find(({ id }) => id === config[column]), why: "config" };
    }
    const own = byName(column);
    if (own !== undefined) return { column, state: own, why: "name" };
    const usual = (NAMES.get(column) ?? []).map(byName).find((state) => state !== undefined);
    if (usual !== undefined) return { column, state: usual, why: "convention" };
    const ofType = live.filter(({ type }) => type === TYPES.get(column));
    return ofType.length === 1
      ? { column, state: ofType[0], why: "only of its type" }
      : { column, state: undefined, why: "none" };
  });
}

/** The column that a state comes to: of several that are this state, the one that is it for the best reason. */
export function columnOf(state: StateNode, choices: readonly Choice[]): string | undefined {
  const of = (isIt: (choice: Choice) => boolean): string | undefined => {
    const fit = choices.filter(isIt);
    return fit.sort((a, b) => WHYS.indexOf(a.why) - WHYS.indexOf(b.why))[0]?.column;
  };
  const usual = COLUMNS.get(state.type);
  return (
    of((choice) => choice.state?.id === state.id) ??
    of(({ column }) => column === usual) ??
    of((choice) => choice.state?.type === state.type && usual !== undefined)
  );
}

/** Linear's priorities, by ours. */
export const PRIORITIES: readonly number[] = [1, 2, 3, 4, 4];
/** Ours for what has none there. */
export const DEFAULT_PRIORITY = 2;

/** What a mapping is made of. */
export interface Described {
  readonly columns: readonly string[];
  readonly states: readonly StateNode[];
  readonly labels: readonly LabelNode[];
  readonly users: readonly UserNode[];
  readonly config: MapConfig;
}

/** A label as one word: ours have no spaces and no commas. */
export function labelName(name: string): string {
  return name.replaceAll(/[,\s]+/g, "-");
}

/** Ours for one there: `current` stays where it means the same; without any it reads as having the one that is usual. */
function priorityHere(there: Value, current: Value): Value {
  if (there === PRIORITIES[Number(current ?? DEFAULT_PRIORITY)]) return current ?? DEFAULT_PRIORITY;
  return there === 0 ? DEFAULT_PRIORITY : Number(there) - 1;
}

/** How our values and Linear's go over into each other. */
export function mappingOf({ columns, states, labels, users, config }: Described): Mapping {
  const choices = choicesOf(columns, states, config.states);
  const toState = new Map(choices.flatMap(({ column, state }) => (state === undefined ? [] : [[column, state.id]])));
  const columnsOf = new Map(states.map((state) => [state.id, columnOf(state, choices)] as const));
  const usable = labels.filter(({ isGroup, archivedAt }) => !isGroup && !archivedAt);
  const labelIds = new Map(usable.map(({ id, name }) => [name.toLowerCase(), id] as const));
  const labelNames = new Map(labels.map(({ id, name }) => [id, labelName(name)] as const));
  for (const { id, name } of usable) labelIds.set(labelName(name).toLowerCase(), id);
  const people = new Map(Object.entries(config.people));
  const names = namesHere(users, config.people, "linear");
  for (const { id, active } of users) {
    const name = names.get(id);
    if (active && name !== undefined && !people.has(name)) people.set(name, id);
  }

  const stateToLocal = (value: Value, current: Value): Value | undefined => {
    if (toState.get(String(current)) === value) return current;
    return columnsOf.get(String(value));
  };
  const toRemote = (field: Scalar, value: Value): Value | undefined => {
    if (field === "status") return toState.get(String(value));
    if (field === "priority") return PRIORITIES[Number(value ?? DEFAULT_PRIORITY)];
    if (field === "assignee") return value === null ? null : people.get(String(value));
    return value;
  };
  const toLocal = (field: Scalar, value: Value, current: Value): Value | undefined => {
    if (field === "status") return stateToLocal(value, current);
    if (field === "priority") return priorityHere(value, current);
    if (field === "assignee") return value === null ? null : names.get(String(value));
    return value;
  };
  return {
    toRemote,
    toLocal,
    labelToRemote: (name) => labelIds.get(name.toLowerCase()),
    labelToLocal: (id) => labelNames.get(id),
    textToRemote,
    lineKey,
  };
}
