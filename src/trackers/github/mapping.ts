import { personName } from "../lineOf.ts";
import { namesHere } from "../people.ts";
import type { Mapping, Scalar, Value } from "../provider.ts";
import { type Column, STATES, stateBy, stateLabels, stateOf } from "./states.ts";
import { lineKey, textToRemote } from "./texts.ts";

/** What config says of the mapping: columns to states, our names to logins. */
export interface MapConfig {
  readonly states: Readonly<Record<string, string>>;
  readonly people: Readonly<Record<string, string>>;
}

/** What a mapping is made of. */
export interface Described {
  readonly columns: readonly Column[];
  /** Names of the repository's labels. */
  readonly labels: readonly string[];
  /** Logins of those that an issue may be given to. */
  readonly logins: readonly string[];
  readonly config: MapConfig;
}

/** Ours for what has none there: issues have no priority. */
export const DEFAULT_PRIORITY = 2;

/** A label as one word: ours have no spaces and no commas. */
export const labelName = (name: string): string => name.replaceAll(/[,\s]+/g, "-");

/** How our values and GitHub's go over into each other. */
export function mappingOf({ columns, labels, logins, config }: Described): Mapping {
  const states = new Map(columns.map((column) => [column.id, stateOf(column, config.states, labels)] as const));
  const firstOf = (state: string): string | undefined => columns.find(({ id }) => states.get(id) === state)?.id;
  const marks = new Set(stateLabels(config.states).map((name) => name.toLowerCase()));
  const plain = labels.filter((name) => !marks.has(name.toLowerCase()));
  const labelNames = new Map(plain.map((name) => [name.toLowerCase(), name] as const));
  for (const name of plain)
    if (!labelNames.has(labelName(name).toLowerCase())) labelNames.set(labelName(name).toLowerCase(), name);
  const there = new Map(logins.map((login) => [login.toLowerCase(), login] as const));
  const low = Object.fromEntries(Object.entries(config.people).map(([name, login]) => [name, login.toLowerCase()]));
  const here = (login: string): string | undefined => {
    const id = login.toLowerCase();
    return namesHere([{ id, displayName: personName(login) }], low, "github").get(id);
  };

  const statusHere = (value: Value, current: Value): Value | undefined => {
    // GitHub's `duplicate` is one more way not to do it; others may come.
    const isKnown = STATES.includes(String(value)) || String(value).startsWith(stateBy(""));
    const state = isKnown ? String(value) : "not_planned";
    const now = states.get(String(current));
    const isOpen = state === "open" && current !== null && (now === undefined || now === "open");
    return isOpen || now === state ? current : firstOf(state);
  };
  const loginOf = (name: string): string | undefined => {
    const login = Object.hasOwn(config.people, name) ? config.people[name] : name;
    return there.get(String(login).toLowerCase());
  };
  const toRemote = (field: Scalar, value: Value): Value | undefined => {
    if (field === "status") return states.get(String(value));
    if (field === "priority") return undefined;
    if (field === "assignee") return value === null ? null : loginOf(String(value));
    return value;
  };
  const toLocal = (field: Scalar, value: Value, current: Value): Value | undefined => {
    if (field === "status") return statusHere(value, current);
    if (field === "priority") return current ?? DEFAULT_PRIORITY;
    if (field === "assignee") return value === null ? null : here(String(value));
    return value;
  };
  return {
    toRemote,
    toLocal,
    isLater: (field, value) => (field === "status" && value !== "open") || (field === "parent" && value !== null),
    labelToRemote: (name) => labelNames.get(name.toLowerCase()),
    labelToLocal: labelName,
    textToRemote,
    lineKey,
  };
}
