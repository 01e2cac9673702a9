import type { FieldName, Ticket } from "../../../ticket/ticket.ts";
import { padded } from "./bytes.ts";
import { COLUMNS, type ColumnName, type ColumnSize } from "./fieldColumns.ts";
import { TableTicket } from "./tableTicket.ts";

/** The parts of a table that say what fields tickets have: for each field a number a row, and the values that they stand for. */
export function fieldBytes(tickets: readonly (Ticket | undefined)[]): { sizes: ColumnSize[]; parts: Buffer[] } {
  const columns = columnsOf(tickets);
  const sizes: ColumnSize[] = [];
  const parts: Buffer[] = [];
  // In one order, whichever ticket came first.
  for (const [name, { codes, values }] of [...columns].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const bytes = Buffer.from(`[${[...values.keys()].join(",")}]`);
    sizes.push([name, bytes.length]);
    parts.push(padded(Buffer.from(codes.buffer)), padded(bytes));
  }
  return { sizes, parts };
}

function columnsOf(tickets: readonly (Ticket | undefined)[]): Map<ColumnName, Made> {
  const columns = new Map<ColumnName, Made>();
  const put = (at: number, name: ColumnName, text: string): void => {
    const column = columns.get(name) ?? { codes: new Uint32Array(tickets.length), values: new Map() };
    columns.set(name, column);
    const code = column.values.get(text) ?? column.values.size + 1;
    column.values.set(text, code);
    column.codes[at] = code;
  };
  for (const [at, ticket] of tickets.entries()) {
    if (ticket instanceof TableTicket) {
      ticket.table.eachField(ticket.at, (name, text) => put(at, name, text));
      continue;
    }
    const fields = ticket?.fields ?? {};
    for (const name of Object.keys(fields) as FieldName[]) {
      if (fields[name] !== undefined && COLUMNS.has(name)) put(at, name, JSON.stringify(fields[name]));
    }
    if (ticket?.calls !== undefined) put(at, "calls", JSON.stringify(ticket.calls));
  }
  return columns;
}

/** A column while it is made; values by their JSON. */
interface Made {
  readonly codes: Uint32Array;
  readonly values: Map<string, number>;
}
