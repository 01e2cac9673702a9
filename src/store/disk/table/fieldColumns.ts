import { FIELDS, type FieldName, type Fields, type Ticket } from "../../../ticket/ticket.ts";
import { padded } from "./bytes.ts";

/** What stands in other columns, or in the row alone: nobody asks thousands of tickets for it. */
const APART: readonly FieldName[] = ["id", "status", "deps", "claim", "claimHead", "commits", "once"];
const COLUMNS: ReadonlySet<string> = new Set(
  (Object.keys(FIELDS) as FieldName[]).filter((name) => !APART.includes(name)),
);

/** What stands in columns as fields do, and is none. */
interface Others {
  readonly calls: Ticket["calls"];
}

type Name = FieldName | keyof Others;
type Value<N extends Name> = N extends FieldName ? Fields[N] : N extends keyof Others ? Others[N] : never;

/** One column: what field it is of, and how many bytes its values are, as JSON. */
export type ColumnSize = readonly [name: Name, values: number];

/** The parts of a table that say what fields tickets have: for each field a number a row, and the values that they stand for. */
export function fieldBytes(tickets: readonly (Ticket | undefined)[]): { sizes: ColumnSize[]; parts: Buffer[] } {
  const columns = columnsOf(tickets);
  const sizes: ColumnSize[] = [];
  const parts: Buffer[] = [];
  for (const [name, { codes, values }] of columns) {
    const bytes = Buffer.from(`[${[...values.keys()].join(",")}]`);
    sizes.push([name, bytes.length]);
    parts.push(padded(Buffer.from(codes.buffer)), padded(bytes));
  }
  return { sizes, parts };
}

function columnsOf(tickets: readonly (Ticket | undefined)[]): Map<Name, Made> {
  const columns = new Map<Name, Made>();
  const put = (at: number, name: Name, value: unknown): void => {
    const column = columns.get(name) ?? { codes: new Uint32Array(tickets.length), values: new Map() };
    columns.set(name, column);
    const text = JSON.stringify(value);
    const code = column.values.get(text) ?? column.values.size + 1;
    column.values.set(text, code);
    column.codes[at] = code;
  };
  for (const [at, ticket] of tickets.entries()) {
    const fields = ticket?.fields ?? {};
    for (const name of Object.keys(fields) as FieldName[]) {
      if (fields[name] !== undefined && COLUMNS.has(name)) put(at, name, fields[name]);
    }
    if (ticket?.calls !== undefined) put(at, "calls", ticket.calls);
  }
  return columns;
}

/** A column while it is made; values by their JSON. */
interface Made {
  readonly codes: Uint32Array;
  readonly values: Map<string, number>;
}

/** The values of one field. */
interface Column {
  /** 0 for none, else one more than the place in the values. */
  readonly codes: Uint32Array;
  readonly values: readonly unknown[];
}

/** The fields of all tickets of a table, each read when it is first asked for. */
export class FieldColumns {
  readonly #closed = new Map<Name, () => Column>();
  readonly #open = new Map<Name, Column>();

  /** @param take gives the bytes of the next part */
  constructor(count: number, sizes: readonly ColumnSize[], take: (length: number) => Buffer) {
    for (const [name, length] of sizes) {
      const codes = take(count * 4);
      const values = take(length);
      this.#closed.set(name, () => ({
        codes: new Uint32Array(codes.buffer.slice(codes.byteOffset, codes.byteOffset + codes.length)),
        values: JSON.parse(values.toString()) as unknown[],
      }));
    }
  }

  /** Whether a field stands in columns, where any ticket has it. */
  static has(name: string): name is FieldName {
    return COLUMNS.has(name);
  }

  /** What a row's ticket has as a field. */
  value<N extends Name>(name: N, at: number): Value<N> | undefined {
    let column = this.#open.get(name);
    if (column === undefined) {
      const open = this.#closed.get(name);
      if (open === undefined) return undefined;
      column = open();
      this.#open.set(name, column);
    }
    const code = column.codes[at] as number;
    return code === 0 ? undefined : (column.values[code - 1] as Value<N>);
  }
}
