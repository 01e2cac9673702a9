import { clientId } from "../clientId.ts";
import type { Author, Scalar, Value } from "../provider.ts";
import type { Cursor, Fit, LocalChange, LocalNote, LocalState, LocalTicket, TicketEdit, Told } from "./localSide.ts";
import { type Pair, pairText, sorted } from "./pair.ts";

/** Tickets and pairs while a change is being made of them; what it comes to is found by comparing at the end. */
export class Draft {
  readonly told: Told[] = [];
  private readonly before: LocalState;
  private readonly changed = new Map<string, LocalTicket>();
  private readonly newPairs = new Map<string, Pair | undefined>();
  private readonly keys = new Map<string, string>();
  private readonly formers = new Map<string, string>();
  private readonly authors = new Map<string, Set<string>>();
  private readonly births = new Map<string, string>();
  private named: Map<string, string> | undefined;
  private makers: Map<string, string> | undefined;
  private twins: Map<string, string> | undefined;
  private cursor: Cursor | undefined;
  /** What this side makes of a value of others. */
  readonly fit: Fit;

  constructor(now: LocalState, fit: Fit = (_, value) => value) {
    this.before = now;
    this.fit = fit;
    for (const [id, { key, was }] of now.pairs) {
      this.keys.set(key, id);
      for (const former of was ?? []) this.formers.set(former, id);
    }
  }

  ticket(id: string): LocalTicket | undefined {
    return this.changed.get(id) ?? this.before.tickets.get(id);
  }

  pair(id: string): Pair | undefined {
    return this.newPairs.has(id) ? this.newPairs.get(id) : this.before.pairs.get(id);
  }

  /** The ticket that an item is linked with. */
  idOf(key: string): string | undefined {
    return this.keys.get(key);
  }

  /** The ticket that once had an item, and has another one now. */
  formerOf(key: string): string | undefined {
    return this.formers.get(key);
  }

  /** A ticket without a pair whose file names an item. */
  orphanOf(key: string): string | undefined {
    this.named ??= new Map([...this.before.tickets.values()].flatMap(({ id, key: of }) => (of ? [[of, id]] : [])));
    const id = this.named.get(key);
    return id === undefined || this.pair(id) !== undefined ? undefined : id;
  }

  /** A ticket without a pair whose first item would have that name; of one that none is for the text is not known. */
  makerOf(made: string, storeId: string): string | undefined {
    this.makers ??= new Map(
      [...this.before.tickets.values()].flatMap(({ id, isPublished }) =>
        !isPublished || this.before.pairs.has(id) ? [] : [[clientId(storeId, id, 0), id]],
      ),
    );
    const id = this.makers.get(made);
    return id === undefined || this.pair(id) !== undefined ? undefined : id;
  }

  /** A ticket that has an item of its own, and whose first item would have that name. */
  twinOf(made: string, storeId: string): string | undefined {
    this.twins ??= new Map([...this.before.pairs.keys()].map((id) => [clientId(storeId, id, 0), id]));
    const id = this.twins.get(made) ?? this.makers?.get(made);
    return id === undefined || (this.pair(id)?.key ?? made) === made ? undefined : id;
  }

  /** Whether an id is somebody's. */
  isTaken(id: string): boolean {
    return this.ticket(id) !== undefined || this.isAway(id) || this.pair(id) !== undefined;
  }

  /** It is there, and may not be changed now. */
  isAway(id: string): boolean {
    return this.before.away?.has(id) === true;
  }

  /** Whether it was there before this change. */
  isOld(id: string): boolean {
    return this.before.tickets.has(id);
  }

  /** Says who changed a ticket at the tracker, once for each change; undefined where nobody knows. */
  credit(id: string, by: Author | undefined): void {
    const all = this.authors.get(id) ?? new Set();
    this.authors.set(id, all.add(JSON.stringify(by ?? null)));
  }

  /** All pairs, by ticket. */
  pairs(): [string, Pair][] {
    const ids = new Set([...this.before.pairs.keys(), ...this.newPairs.keys()]);
    return [...ids].flatMap((id): [string, Pair][] => {
      const pair = this.pair(id);
      return pair === undefined ? [] : [[id, pair]];
    });
  }

  tickets(): LocalTicket[] {
    return [...new Set([...this.before.tickets.keys(), ...this.changed.keys()])].map(
      (id) => this.ticket(id) as LocalTicket,
    );
  }

  edit(id: string, change: (ticket: LocalTicket) => Partial<LocalTicket>): void {
    const ticket = this.ticket(id);
    if (ticket !== undefined) this.changed.set(id, { ...ticket, ...change(ticket) });
  }

  set(id: string, field: Scalar, value: Value): void {
    this.edit(id, ({ fields }) => ({ fields: { ...fields, [field]: value } }));
  }

  /** A new ticket, and when its item was made. */
  add(ticket: LocalTicket, createdAt: string): void {
    this.births.set(ticket.id, createdAt);
    this.changed.set(ticket.id, ticket);
  }

  /** Adds a note; its time is never below that of the note before it. */
  note(id: string, note: LocalNote): string | undefined {
    const notes = this.ticket(id)?.notes;
    if (notes === undefined) return undefined;
    const last = notes.at(-1)?.at ?? "";
    const all = [...notes, { ...note, at: note.at < last ? last : note.at }];
    this.edit(id, () => ({ notes: all }));
    return noteKeys(all).at(-1);
  }

  /** Says something to whoever reads the ticket, and in the answer. */
  tell(id: string, text: string, at: string): void {
    const fitted = String(this.fit("note", text));
    this.told.push({ id, text: fitted });
    this.note(id, { at, by: "ayo", text: fitted, isPublic: false });
  }

  setPair(id: string, pair: Pair): void {
    const old = this.pair(id)?.key;
    if (old !== undefined && old !== pair.key) this.keys.delete(old);
    this.newPairs.set(id, pair);
    this.keys.set(pair.key, id);
  }

  /** Forgets a pair of which nothing was sent. */
  dropPair(id: string): void {
    const key = this.pair(id)?.key;
    if (key !== undefined) this.keys.delete(key);
    this.newPairs.set(id, undefined);
  }

  editPair(id: string, change: (pair: Pair) => Partial<Pair>): void {
    const pair = this.pair(id);
    if (pair !== undefined) this.setPair(id, { ...pair, ...change(pair) });
  }

  setCursor(cursor: Cursor): void {
    this.cursor = cursor;
  }

  private authorOf(id: string): Author | undefined {
    const [one, ...others] = this.authors.get(id) ?? [];
    if (one === undefined || others.length > 0) return undefined;
    return (JSON.parse(one) as Author | null) ?? undefined;
  }

  /** What is to be made. A cursor alone is worth no commit, unless `always`: what it spares is read again. */
  finish(always = false): LocalChange {
    const textOf = (pair: Pair | undefined): string => (pair === undefined ? "" : pairText(pair));
    const pairs = [...this.newPairs].filter(([id, pair]) => textOf(this.before.pairs.get(id)) !== textOf(pair));
    const tickets = [...this.changed.values()].flatMap((after): TicketEdit[] => {
      const before = this.before.tickets.get(after.id);
      const isSame = before !== undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
      return isSame
        ? []
        : [
            {
              before,
              after,
              key: this.pair(after.id)?.key ?? "",
              by: this.authorOf(after.id),
              createdAt: this.births.get(after.id),
            },
          ];
    });
    const isWorth = always || pairs.length > 0 || tickets.length > 0;
    const isMoved = JSON.stringify(sorted(this.cursor)) !== JSON.stringify(sorted(this.before.cursor));
    return { tickets, pairs: new Map(pairs), cursor: isWorth && isMoved ? this.cursor : undefined };
  }
}

/** Whether there is nothing to make. */
export function isEmpty({ tickets, pairs, cursor }: LocalChange): boolean {
  return tickets.length === 0 && pairs.size === 0 && cursor === undefined;
}

/** What a note is known by, whatever becomes of its text: its time, its author, and which of those it is. */
export function noteKeys(notes: readonly LocalNote[]): string[] {
  const counts = new Map<string, number>();
  return notes.map(({ at, by }) => {
    const name = `${at} ${by ?? ""}`.trim();
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
