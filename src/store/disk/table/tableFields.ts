import type { FieldName, Fields } from "../../../ticket/ticket.ts";
import { FieldColumns } from "./fieldColumns.ts";
import type { TableTicket } from "./tableTicket.ts";

/**
 * The fields of a ticket of a table: where many tickets are asked, one field comes from its column; of few, and for
 * whoever asks for their names, all are read from the row.
 */
export function fieldsOf(ticket: TableTicket): Fields {
  return new Proxy({}, new Reader(ticket));
}

class Reader implements ProxyHandler<Fields> {
  readonly #ticket: TableTicket;
  #isWhole = false;

  constructor(ticket: TableTicket) {
    this.#ticket = ticket;
  }

  get(target: Fields, name: string | symbol): unknown {
    if (this.#isWhole || typeof name === "symbol") return Reflect.get(target, name);
    const { table, at } = this.#ticket;
    if (FieldColumns.has(name) && table.isReadMuch()) return table.value(name, at);
    if (name === "status" && table.status(at) !== "") return table.status(at);
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
