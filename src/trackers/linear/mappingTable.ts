import type { MappingTable, NamedState } from "../mappingTable.ts";
import { namesHere } from "../people.ts";
import { choicesOf, columnOf, DEFAULT_PRIORITY, type Described, labelName, PRIORITIES } from "./mapping.ts";

const LEVELS = ["None", "Urgent", "High", "Medium", "Low"];

/** The mapping of a team, as it was found. */
export function mappingTable({ columns, states, labels, users, config }: Described): MappingTable {
  const choices = choicesOf(columns, states, config.states);
  const named = ({ id, name, type }: NamedState): NamedState => ({ id, name, type });
  const rows = choices.map(({ column, state, why }) => {
    return { column, state: state === undefined ? null : named(state), why };
  });
  const taken = new Set(choices.map(({ state }) => state?.id));
  const others = states.filter(({ id, archivedAt }) => !archivedAt && !taken.has(id));
  const byId = new Map(users.map((user) => [user.id, user] as const));
  const set = Object.entries(config.people);
  const setIds = new Set(set.map(([, id]) => id));
  const names = namesHere(users, config.people, "linear");
  const rest = users.filter(({ id, active }) => active && !setIds.has(id) && names.has(id));
  const lost = choices.filter(({ state, why }) => why === "config" && state === undefined);
  return {
    rows,
    others: others.map((state) => ({ state: named(state), column: columnOf(state, choices) ?? null })),
    priorities: PRIORITIES.map((there, here) => ({ here, there, name: LEVELS[there] ?? "" })),
    defaultPriority: DEFAULT_PRIORITY,
    labels: labels.filter(({ isGroup, archivedAt }) => !isGroup && !archivedAt).map(({ name }) => labelName(name)),
    people: [
      ...set.flatMap(([here, id]) => {
        const there = byId.get(id)?.displayName;
        return there === undefined ? [] : [{ here, there, why: "config" as const }];
      }),
      ...rest.map(({ id, displayName }) => ({ here: names.get(id) ?? "", there: displayName, why: "name" as const })),
    ],
    missing: [
      ...lost.map(({ column }) => `state ${config.states[column]} of ${column}`),
      ...Object.keys(config.states)
        .filter((column) => !columns.includes(column))
        .map((column) => `column ${column}`),
      ...set.filter(([, id]) => !byId.has(id)).map(([name, id]) => `person ${id} of ${name}`),
    ],
  };
}
