import { FIELDS, type FieldName, type Fields, type Ticket } from "../../../ticket/ticket.ts";
import { padded } from "./bytes.ts";

/** What stands in other columns, or in the row alone: nobody asks thousands of tickets for it. */
const APART: readonly FieldName[] = ["id", "status", "deps", "claim", "claimHead", "commits", "once", "question"];
const NAMES = (Object.keys(FIELDS) as FieldName[]).filter((name) => !APART.includes(name));

/** One column: what field it is of, and how many bytes its values are, as JSON. */
export type ColumnSize = readonly [name: FieldName, values: number];

/** The parts of a table that say what fields tickets have: for each field a number a row, and the values that they stand for. */
export function fieldBytes(tickets: readonly (Ticket | undefined)[]): { sizes: ColumnSize[]; parts: Buffer[] } {
  const sizes: ColumnSize[] = [];
  const parts: Buffer[] = [];
  const all = tickets.map((ticket) => ticket?.fields);
  for (const name of NAMES) {
    const codes = new Uint32Array(all.length);
    const values = new Map<string, number>();
    for (const [at, fields] of all.entries()) {
      const value = fields?.[name];
      if (value === undefined) continue;
      const text = JSON.stringify(value);
      const code = values.get(text) ?? values.size + 1;
      values.set(text, code);
      codes[at] = code;
    }
    if (values.size === 0) continue;
    const bytes = Buffer.from(`[${[...values.keys()].join(",")}]`);
    sizes.push([name, bytes.length]);
    parts.push(padded(Buffer.from(codes.buffer)), padded(bytes));
  }
  return { sizes, parts };
}

/** The values of one field. */
interface Column {
  /** 0 for none, else one more than the place in the values. */
  readonly codes: Uint32Array;
  readonly values: readonly unknown[];
}

/** The fields of all tickets of a table, each read when it is first asked for. */
export class FieldColumns {
  readonly #closed = new Map<string, () => Column>();
  readonly #open = new Map<string, Column>();

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
  value<N extends FieldName>(name: N, at: number): Fields[N] | undefined {
    let column = this.#open.get(name);
    if (column === undefined) {
      const open = this.#closed.get(name);
      if (open === undefined) return undefined;
      column = open();
      this.#open.set(name, column);
    }
    const code = column.codes[at] as number;
    return code === 0 ? undefined : (column.values[code - 1] as Fields[N]);
  }
}

const COLUMNS: ReadonlySet<string> = new Set(NAMES);
