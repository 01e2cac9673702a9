import type { Ticket } from "../../../ticket/ticket.ts";
import type { TableEntries } from "./entries.ts";

/** So many are looked up one by one before all are put into a map. */
const FEW = 400;

/** Tickets by id, where each file is named after its ticket; a map is made once many are looked for. */
export class TicketsById implements ReadonlyMap<string, Ticket> {
  readonly #tickets: () => readonly Ticket[];
  readonly #entries: TableEntries;
  #map: Map<string, Ticket> | undefined;
  #asked = 0;

  /** @param entries must not change afterwards */
  constructor(tickets: () => readonly Ticket[], entries: TableEntries) {
    this.#tickets = tickets;
    this.#entries = entries;
  }

  get size(): number {
    return this.#tickets().length;
  }

  get(id: string): Ticket | undefined {
    if (this.#map === undefined && this.#asked++ < FEW) return this.#entries.get(`${id}.md`)?.ticket;
    return this.#all.get(id);
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  keys(): MapIterator<string> {
    return this.#all.keys();
  }

  values(): MapIterator<Ticket> {
    return this.#all.values();
  }

  entries(): MapIterator<[string, Ticket]> {
    return this.#all.entries();
  }

  [Symbol.iterator](): MapIterator<[string, Ticket]> {
    return this.#all[Symbol.iterator]();
  }

  forEach(work: (ticket: Ticket, id: string, map: ReadonlyMap<string, Ticket>) => void): void {
    for (const [id, ticket] of this.#all) work(ticket, id, this);
  }

  get #all(): Map<string, Ticket> {
    this.#map ??= new Map(this.#tickets().map((ticket) => [ticket.id, ticket]));
    return this.#map;
  }
}
