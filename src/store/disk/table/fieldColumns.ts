import { FIELDS, type FieldName, type Fields, type Ticket } from "../../../ticket/ticket.ts";

/** What stands in other columns, or in the row alone: nobody asks thousands of tickets for it. */
const APART: readonly FieldName[] = ["id", "status", "deps", "claim", "claimHead", "commits", "once"];
/** The fields that stand in columns. */
export const COLUMNS: ReadonlySet<string> = new Set(
  (Object.keys(FIELDS) as FieldName[]).filter((name) => !APART.includes(name)),
);

/** What stands in columns as fields do, and is none. */
interface Others {
  readonly calls: Ticket["calls"];
}

/** What a column is of. */
export type ColumnName = FieldName | keyof Others;
type Value<N extends ColumnName> = N extends FieldName ? Fields[N] : N extends keyof Others ? Others[N] : never;

/** One column: what field it is of, and how many bytes its values are, as JSON. */
export type ColumnSize = readonly [name: ColumnName, values: number];

/** Hears of a field, and of its value as JSON. */
export type FieldTeller = (name: ColumnName, text: string) => void;

/** The values of one field. */
interface Column {
  /** 0 for none, else one more than the place in the values. */
  readonly codes: Uint32Array;
  readonly values: readonly unknown[];
  /** The same as JSON, each once it was asked for. */
  readonly texts: string[];
}

/** The fields of all tickets of a table, each read when it is first asked for. */
export class FieldColumns {
  readonly #closed = new Map<ColumnName, () => Column>();
  readonly #open = new Map<ColumnName, Column>();

  /** @param take gives the bytes of the next part */
  constructor(count: number, sizes: readonly ColumnSize[], take: (length: number) => Buffer) {
    for (const [name, length] of sizes) {
      const codes = take(count * 4);
      const values = take(length);
      this.#closed.set(name, () => ({
        codes: new Uint32Array(codes.buffer.slice(codes.byteOffset, codes.byteOffset + codes.length)),
        values: JSON.parse(values.toString()) as unknown[],
        texts: [],
      }));
    }
  }

  /** Whether a field stands in columns, where any ticket has it. */
  static has(name: string): name is FieldName {
    return COLUMNS.has(name);
  }

  /** What a row's ticket has as a field. */
  value<N extends ColumnName>(name: N, at: number): Value<N> | undefined {
    const column = this.#column(name);
    const code = column?.codes[at] ?? 0;
    return code === 0 ? undefined : (column?.values[code - 1] as Value<N>);
  }

  /** Tells all fields of a row's ticket. */
  each(at: number, tell: FieldTeller): void {
    for (const name of this.#closed.keys()) {
      const { codes, values, texts } = this.#column(name) as Column;
      const code = codes[at] as number;
      if (code === 0) continue;
      texts[code - 1] ??= JSON.stringify(values[code - 1]);
      tell(name, texts[code - 1] as string);
    }
  }

  #column(name: ColumnName): Column | undefined {
    let column = this.#open.get(name);
    if (column === undefined) {
      column = this.#closed.get(name)?.();
      if (column !== undefined) this.#open.set(name, column);
    }
    return column;
  }
}
