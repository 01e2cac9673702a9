import type { Ticket } from "../../ticket/ticket.ts";
import type { Foreign, NeedsYou } from "./foreign.ts";

/** A ticket that was left as it is because somebody changed it here. */
export interface Skipped {
  readonly id: string;
  readonly why: string;
}

/** What an import does to the store. */
export interface Taken {
  /** Ids written, new and updated ones. */
  readonly ids: string[];
  /** How many of them are here with every field, with keys that have no field here, or without a part of them. */
  exact: number;
  withExtraFields: number;
  inPart: number;
  /** Keys that are kept and have no field here, and how many of them have each. */
  readonly extraFields: Map<string, number>;
  /** What has no place here, and what git or ayo tells anew, likewise. */
  readonly leftOut: Map<string, number>;
  readonly derived: Map<string, number>;
  updated: number;
  unchanged: number;
  readonly skipped: Skipped[];
  /** Tickets that an earlier import brought, and that are deleted there now. */
  readonly deleted: string[];
  /** Ids newly recorded as deleted. */
  readonly tombstones: string[];
  readonly needYou: NeedsYou[];
  /** Id to blob, of what is here exactly as the source has it. */
  readonly blobs: Map<string, string>;
  /** Statuses that are no column of this board, and how many tickets have them. */
  readonly unknownStatuses: Map<string, number>;
  /** The same of types. */
  readonly unknownTypes: Map<string, number>;
  /** References to tickets that are neither here nor in the source. */
  dangling: number;
  /** Ids of tickets whose output did not come along. */
  readonly withoutOutput: string[];
  /** Files that did not come along: the ticket's id and the name. */
  readonly withoutFiles: string[];
  /** Schemas and projects that were left as they are, each in a sentence. */
  readonly schemas: string[];
  /** Values that their keys cannot hold, each in a sentence. */
  readonly faults: string[];
  /** Ids of each circle of tickets that wait for each other and that some of these tickets are in. */
  circles: readonly (readonly string[])[];
}

/** Before the first ticket. */
export function nothingTaken(needYou: readonly NeedsYou[]): Taken {
  const lists = {
    ids: [],
    skipped: [],
    deleted: [],
    tombstones: [],
    needYou: [...needYou],
    faults: [],
    withoutOutput: [],
    withoutFiles: [],
    schemas: [],
  };
  const counts = { exact: 0, withExtraFields: 0, inPart: 0, updated: 0, unchanged: 0, dangling: 0, circles: [] };
  const names = { extraFields: new Map(), leftOut: new Map(), derived: new Map() };
  return { ...lists, ...counts, ...names, blobs: new Map(), unknownStatuses: new Map(), unknownTypes: new Map() };
}

/** Exact is what has each of its values in a field; a file that was copied as it is may hold more. */
export function count(
  taken: Taken,
  { id, leftOut = [], derived = [] }: Foreign,
  { extra }: Ticket,
  isUpdate: boolean,
): void {
  const keys = Object.keys(extra);
  taken.ids.push(id);
  if (isUpdate) taken.updated++;
  if (leftOut.length > 0) taken.inPart++;
  else if (keys.length > 0) taken.withExtraFields++;
  else taken.exact++;
  countEach(taken.extraFields, keys);
  countEach(taken.leftOut, leftOut);
  countEach(taken.derived, derived);
}

/** Counts each of some names once more. */
export function countEach(counts: Map<string, number>, names: readonly string[]): void {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
}
