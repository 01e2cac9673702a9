import { lineKey, textToRemote } from "../../../src/trackers/github/texts.ts";
import type { Mapping, Scalar, Value } from "../../../src/trackers/provider.ts";
import type { Ref } from "./nodes.ts";

/** What Redmine knows that values may be. */
export interface Described {
  readonly statuses: readonly (Ref & { readonly is_closed: boolean })[];
  /** The least first. */
  readonly priorities: readonly Ref[];
  /** Who may be given an issue. */
  readonly people: readonly Ref[];
  /** The id of the status that new issues have, whatever is asked for. */
  readonly first: string;
  /** Columns and the names of statuses that they are. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The columns that a board has of itself, as a Redmine calls them of itself. */
export const COLUMNS: Described["columns"] = {
  ...{ open: "New", in_progress: "In Progress", in_review: "Resolved", blocked: "Feedback" },
  ...{ closed: "Closed", cancelled: "Rejected" },
};

/** Ours, the highest first: as many as Redmine has of itself. */
const LAST = 4;

/** How our values and Redmine's go over into each other. */
export function mappingOf({ statuses, priorities, people, first, columns }: Described): Mapping {
  const idOf = (name: string | undefined): string | undefined => {
    const found = statuses.find((status) => status.name === name);
    return found === undefined ? undefined : String(found.id);
  };
  const states = new Map(Object.entries(columns).map(([column, name]) => [column, idOf(name)] as const));
  const statusHere = (value: Value, current: Value): Value | undefined => {
    if (states.get(String(current)) === value) return current;
    return [...states].find(([, id]) => id === value)?.[0];
  };
  const toRemote = (field: Scalar, value: Value): Value | undefined => {
    if (field === "status") return states.get(String(value));
    if (field === "priority") return String(priorities.at(-1 - Math.min(Number(value), LAST))?.id);
    if (field === "assignee" && value !== null) {
      const person = people.find(({ name }) => name === value);
      return person === undefined ? undefined : String(person.id);
    }
    return value;
  };
  const toLocal = (field: Scalar, value: Value, current: Value): Value | undefined => {
    if (field === "status") return statusHere(value, current);
    if (field === "priority") return priorities.length - 1 - priorities.findIndex(({ id }) => String(id) === value);
    if (field === "assignee" && value !== null) return people.find(({ id }) => String(id) === value)?.name ?? value;
    return value;
  };
  return {
    toRemote,
    toLocal,
    isLater: (field, value) => field === "status" && value !== first,
    labelToRemote: () => undefined,
    labelToLocal: () => undefined,
    textToRemote,
    lineKey,
  };
}
