import type { FieldName, Fields, Known, Ticket } from "../../../ticket/ticket.ts";
import { FieldColumns } from "./fieldColumns.ts";

/** A ticket of a table, and what its row says of it. */
interface TicketOfRow extends Ticket, Known {
  readonly whole: Ticket;
}

/**
 * The fields of a ticket of a table: where many tickets are asked, one field comes from its column; of few, and for
 * whoever asks for their names, all are read from the row.
 */
export function fieldsOf(ticket: TicketOfRow): Fields {
  return new Proxy({}, new Reader(ticket));
}

class Reader implements ProxyHandler<Fields> {
  readonly #ticket: TicketOfRow;
  #isWhole = false;

  constructor(ticket: TicketOfRow) {
    this.#ticket = ticket;
  }

  get(target: Fields, name: string | symbol): unknown {
    if (this.#isWhole || typeof name === "symbol") return Reflect.get(target, name);
    if (FieldColumns.has(name)) return this.#ticket.field(name);
    if (name === "status" && this.#ticket.status !== "") return this.#ticket.status;
    if (name === "deps") return this.#ticket.hasDeps ? this.#ticket.deps : undefined;
    return Reflect.get(this.#fill(target), name);
  }

  has(target: Fields, name: string | symbol): boolean {
    return Reflect.has(this.#fill(target), name);
  }

  ownKeys(target: Fields): (string | symbol)[] {
    return Reflect.ownKeys(this.#fill(target));
  }

  getOwnPropertyDescriptor(target: Fields, name: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#fill(target), name);
  }

  #fill(target: Fields): Fields {
    if (!this.#isWhole)
      Object.assign(target, this.#ticket.whole.fields satisfies Readonly<Partial<Record<FieldName, unknown>>>);
    this.#isWhole = true;
    return target;
  }
}
