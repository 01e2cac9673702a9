import { lineOf } from "../lineOf.ts";
import type { MappingTable, NamedState } from "../mappingTable.ts";
import { DEFAULT_PRIORITY, type Described, labelName, type MapConfig } from "./mapping.ts";
import { labelOf, STATES, stateBy, stateLabels, stateOf } from "./states.ts";

const NAMES: ReadonlyMap<string, string> = new Map([
  ["open", "open"],
  ["completed", "closed as completed"],
  ["not_planned", "closed as not planned"],
  ["duplicate", "closed as duplicate"],
]);

function named(id: string): NamedState {
  const label = labelOf(id);
  if (label !== undefined) return { id, name: `open, label ${lineOf(label)}`, type: "label" };
  return { id, name: NAMES.get(id) ?? id, type: id === "open" ? "open" : "closed" };
}

/** States that a column may be put to, with the names that people give them. */
export function statesToChoose(
  labels: readonly string[],
): readonly { readonly id: string; readonly names: string[] }[] {
  const own = STATES.map((id) => ({ id, names: [id, ...(id === "completed" ? ["closed", "done"] : [])] }));
  const of = new Map([["not_planned", ["not planned", "cancelled"]]]);
  const all = own.map(({ id, names }) => ({ id, names: [...names, ...(of.get(id) ?? [])] }));
  return [...all, ...labels.map((label) => ({ id: stateBy(label), names: [stateBy(label)] }))];
}

/** The mapping of a repository, as it was found. */
export function mappingTable({ columns, labels, logins, config }: Described): MappingTable {
  const rows = columns.map((column) => {
    const state = stateOf(column, config.states, labels);
    const why = Object.hasOwn(config.states, column.id) ? "config" : state === undefined ? "none" : "category";
    return { column: column.id, state: state === undefined ? null : named(state), why } as const;
  });
  const cancelled = rows.find(({ state }) => state?.id === "not_planned")?.column ?? null;
  const marks = new Set(stateLabels(config.states).map((name) => name.toLowerCase()));
  const there = new Map(logins.map((login) => [login.toLowerCase(), login] as const));
  const set = Object.entries(config.people);
  const setLogins = new Set(set.map(([, login]) => login.toLowerCase()));
  const rest = logins.filter((login) => !setLogins.has(login.toLowerCase()) && !Object.hasOwn(config.people, login));
  return {
    rows,
    others: [{ state: named("duplicate"), column: cancelled }],
    priorities: [],
    defaultPriority: DEFAULT_PRIORITY,
    labels: labels.filter((name) => !marks.has(name.toLowerCase())).map(labelName),
    people: [
      ...set.flatMap(([here, login]) => {
        const found = there.get(login.toLowerCase());
        return found === undefined ? [] : [{ here, there: found, why: "config" as const }];
      }),
      ...rest.map((login) => ({ here: login, there: login, why: "name" as const })),
    ],
    missing: missingIn({ columns, config, there }, rows),
  };
}

interface Wanted {
  readonly columns: Described["columns"];
  readonly config: MapConfig;
  readonly there: ReadonlyMap<string, string>;
}

function missingIn({ columns, config, there }: Wanted, rows: MappingTable["rows"]): string[] {
  const lost = rows.filter(({ state, why }) => why === "config" && state === null);
  const known = new Set(columns.map(({ id }) => id));
  return [
    ...lost.map(({ column }) => `state ${config.states[column]} of ${column}`),
    ...Object.keys(config.states).flatMap((column) => (known.has(column) ? [] : [`column ${column}`])),
    ...Object.entries(config.people).flatMap(([name, login]) =>
      there.has(login.toLowerCase()) ? [] : [`person ${login} of ${name}`],
    ),
  ];
}
