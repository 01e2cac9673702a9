import type { Fields, Json, Problem, Ticket } from "../../ticket/ticket.ts";
import type { Entry, Stamp } from "../open/entry.ts";

/**
 * An entry without its stamp and blob id, as the cache writes it: an array, since 10,000 objects with their keys
 * spelled out cost as much to read as everything else a command does. 0 stands for an empty list.
 */
export type Row = readonly [
  path: string,
  racy: 0 | 1,
  id: string | 0,
  title: string,
  status: string,
  deps: readonly string[] | 0 | null,
  links: readonly string[] | 0 | null,
  created: string | null,
  type: string | null,
  priority: number | null,
  assignee: readonly string[] | null,
  tags: readonly string[] | null,
  done: number,
  total: number,
  more?: More,
];

interface More {
  readonly fields?: Fields;
  readonly extra?: Readonly<Record<string, Json>>;
  readonly problem?: Problem;
  /** Set when the entry is no ticket. */
  readonly other?: true;
  /** See {@link Entry.text}. */
  readonly text?: string;
  /** The ticket's version where a conversion makes it differ from the entry's blob id. */
  readonly version?: string;
  readonly calls?: readonly string[];
}

const EMPTY: readonly string[] = [];
const NO_EXTRA = {};

/** The row of an entry. */
export function rowOf(path: string, { ticket, problem, oid, racy, text }: Entry): Row {
  const flag = racy ? 1 : 0;
  if (ticket === undefined) {
    const more: More = problem === undefined ? { other: true } : { other: true, problem };
    return [path, flag, 0, "", "", null, null, null, null, null, null, null, 0, 0, more];
  }
  const { id: _id, status: _status, deps, links, created, type, priority, assignee, tags, ...fields } = ticket.fields;
  const { done, total } = ticket.criteria;
  const base = [
    ...[path, flag, `${ticket.id}.md` === path ? 0 : ticket.id, ticket.title, ticket.status],
    ...[listOf(deps), listOf(links), created ?? null, type ?? null, priority ?? null, assignee ?? null, tags ?? null],
    ...[done, total],
  ];
  const more: More = {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(Object.keys(ticket.extra).length > 0 ? { extra: ticket.extra } : {}),
    ...(ticket.version === oid ? {} : { version: ticket.version }),
    ...(ticket.calls === undefined ? {} : { calls: ticket.calls }),
    ...textOf(text),
  };
  return (Object.keys(more).length > 0 ? [...base, more] : base) as unknown as Row;
}

function textOf(text: string | undefined): Pick<More, "text"> {
  return text === undefined ? {} : { text };
}

/** The entry of a row; the ticket is made when it is looked at. */
export function entryOf(row: Row, stamp: Stamp, oid: string): Entry {
  return new RowEntry(row, stamp, oid);
}

/** Reads an entry out of its row. */
class RowEntry implements Entry {
  readonly stamp: Stamp;
  readonly oid: string;
  readonly #row: Row;
  #ticket: Ticket | undefined;

  constructor(row: Row, stamp: Stamp, oid: string) {
    this.#row = row;
    this.stamp = stamp;
    this.oid = oid;
  }

  get racy(): boolean {
    return this.#row[1] === 1;
  }

  get ticket(): Ticket | undefined {
    if (this.#ticket === undefined && this.#row[14]?.other !== true) this.#ticket = ticketOf(this.#row, this.oid);
    return this.#ticket;
  }

  get problem(): Problem | undefined {
    return this.#row[14]?.problem;
  }

  get text(): string | undefined {
    return this.#row[14]?.text;
  }
}

/** The ticket of a row that is one; `oid` is the blob id of its entry. */
export function ticketOf(row: Row, oid: string): Ticket {
  const more = row[14];
  const path = row[0];
  const id = row[2] === 0 ? path.slice(0, -3) : row[2];
  // Keys that a ticket does not have are undefined here; one shape for all keeps reading fast.
  const fields = {
    id,
    status: row[4],
    deps: row[5] === 0 ? EMPTY : (row[5] ?? undefined),
    links: row[6] === 0 ? EMPTY : (row[6] ?? undefined),
    created: row[7] ?? undefined,
    type: row[8] ?? undefined,
    priority: row[9] ?? undefined,
    assignee: row[10] ?? undefined,
    tags: row[11] ?? undefined,
  } as Fields;
  return {
    id,
    path,
    version: more?.version ?? oid,
    title: row[3],
    status: row[4],
    fields: more?.fields === undefined ? fields : { ...fields, ...more.fields },
    extra: more?.extra ?? NO_EXTRA,
    criteria: { done: row[12], total: row[13] },
    calls: more?.calls,
  };
}

function listOf(values: readonly string[] | undefined): readonly string[] | 0 | null {
  if (values === undefined) return null;
  return values.length === 0 ? 0 : values;
}
