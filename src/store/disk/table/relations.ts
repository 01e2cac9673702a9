import { childrenIndex, dependentsIndex, depsOf } from "../../../ticket/rules/readiness.ts";
import type { Ticket } from "../../../ticket/ticket.ts";
import type { TableEntries } from "./entries.ts";
import { LinkedFrom, type Links } from "./rowLinks.ts";
import type { TicketTable } from "./ticketTable.ts";
import { TRAITS } from "./traits.ts";

/** Who waits for a ticket and which are its parts, told by the rows of a table and by what changed since it was made. */
export class Relations {
  readonly dependents: (id: string) => readonly Ticket[];
  readonly children: (id: string) => readonly Ticket[];
  readonly #entries: TableEntries;
  #absent: readonly number[] | undefined;

  /** @param entries where each file is named after its ticket; they must not change afterwards */
  constructor(entries: TableEntries) {
    this.#entries = entries;
    const { depRows, depRowEnds, parentRows } = entries.table;
    const waits = (ticket: Ticket, id: string) => depsOf(ticket).includes(id);
    const isPart = ({ fields }: Ticket, id: string) => fields.parent === id;
    this.dependents = this.#leadingTo({ rows: depRows, ends: depRowEnds }, dependentsIndex, waits);
    this.children = this.#leadingTo({ rows: parentRows }, childrenIndex, isPart);
  }

  /** Gives the tickets that lead to an id, by their paths. */
  #leadingTo(
    links: Links,
    indexOf: (tickets: Iterable<Ticket>) => Map<string, Ticket[]>,
    leads: (ticket: Ticket, id: string) => boolean,
  ): (id: string) => readonly Ticket[] {
    const { table, replaced, changed } = this.#entries;
    const from = new LinkedFrom(links, table.count);
    let fresh: Map<string, Ticket[]> | undefined;
    return (id) => {
      fresh ??= indexOf([...changed.values()].flatMap((entry) => entry?.ticket ?? []));
      const target = table.find(`${id}.md`);
      const isThere = target >= 0 && table.has(target, TRAITS.ticket);
      const rows = isThere ? from.rows(target) : this.#toAbsent((ticket) => leads(ticket, id));
      const old = Array.from(
        rows.filter((row) => replaced[row] === 0),
        (row) => table.ticket(row),
      );
      const more = fresh.get(id) ?? [];
      return more.length === 0 ? old : [...old, ...more].sort((left, right) => (left.path < right.path ? -1 : 1));
    };
  }

  /** Rows that lead to what the table does not have, as far as they are meant. */
  #toAbsent(isMeant: (ticket: Ticket) => boolean): number[] {
    const { table } = this.#entries;
    this.#absent ??= rowsWith(table, TRAITS.absent);
    return this.#absent.filter((row) => isMeant(table.ticket(row)));
  }
}

function rowsWith(table: TicketTable, trait: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < table.count; row++) if (table.has(row, trait)) rows.push(row);
  return rows;
}
