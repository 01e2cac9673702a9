import type { FieldName, Fields, Json, Known, Problem, Ticket } from "../../../ticket/ticket.ts";
import type { Entry, Stamp } from "../../open/entry.ts";
import { ticketOf } from "../cacheRow.ts";
import { FieldColumns } from "./fieldColumns.ts";
import { fieldsOf } from "./tableFields.ts";
import type { TicketTable } from "./ticketTable.ts";
import { TRAITS } from "./traits.ts";

/** A ticket of a table; what lists need of it stands in columns, the rest is read when it is looked at. */
export class TableTicket implements Ticket, Known {
  readonly table: TicketTable;
  readonly at: number;
  // Of thousands, Node 20 takes longer to prepare fields that begin with # than for all else of a ticket.
  declare private wholeTicket?: Ticket;
  declare private allFields?: Fields;

  constructor(table: TicketTable, at: number) {
    this.table = table;
    this.at = at;
  }

  /** All of it, by its row. */
  get whole(): Ticket {
    this.wholeTicket ??= ticketOf(this.table.row(this.at), this.table.oid(this.at));
    return this.wholeTicket;
  }

  get id(): string {
    return this.table.has(this.at, TRAITS.oddId) ? this.whole.id : this.table.name(this.at).slice(0, -3);
  }

  get path(): string {
    return this.table.name(this.at);
  }

  get title(): string {
    return this.table.title(this.at);
  }

  get status(): string {
    return this.table.status(this.at);
  }

  get version(): string {
    return this.table.has(this.at, TRAITS.converted) ? this.whole.version : this.table.oid(this.at);
  }

  get fields(): Fields {
    this.allFields ??= fieldsOf(this);
    return this.allFields;
  }

  field<N extends FieldName>(name: N): Fields[N] | undefined {
    const inColumn = FieldColumns.has(name) && this.table.isReadMuch();
    return inColumn ? this.table.value(name, this.at) : this.whole.fields[name];
  }

  get extra(): Readonly<Record<string, Json>> {
    return this.whole.extra;
  }

  get criteria(): Ticket["criteria"] {
    return this.whole.criteria;
  }

  get calls(): Ticket["calls"] {
    return this.table.calls(this.at);
  }

  /** A ticket of a table is what is known of it. */
  get known(): Known {
    return this;
  }

  get traits(): number {
    return this.table.traits[this.at] as number;
  }

  get isUnmarked(): boolean {
    return this.table.has(this.at, TRAITS.unmarked);
  }

  get isUnlanded(): boolean {
    return this.table.has(this.at, TRAITS.unlanded);
  }

  get isForAgent(): boolean {
    return this.table.has(this.at, TRAITS.agent);
  }

  get deps(): readonly string[] {
    if (!this.hasDeps) return NONE;
    return this.table.has(this.at, TRAITS.oddDeps) ? (this.whole.fields.deps ?? NONE) : this.table.deps(this.at);
  }

  get hasDeps(): boolean {
    return this.table.has(this.at, TRAITS.deps);
  }

  get hasParent(): boolean {
    return this.table.has(this.at, TRAITS.parent);
  }

  get hasKin(): boolean {
    return this.table.has(this.at, TRAITS.kin);
  }

  get hasReviewer(): boolean {
    return this.table.has(this.at, TRAITS.reviewer);
  }

  get hasAbsent(): boolean {
    return this.table.has(this.at, TRAITS.absent);
  }

  get priority(): number {
    return this.table.priorities[this.at] as number;
  }

  get place(): number {
    return this.table.ranks[this.at] as number;
  }

  get among(): object {
    return this.table;
  }

  hasVersion(text: string, at: number): boolean {
    if (!this.table.has(this.at, TRAITS.converted)) return this.table.hasOid(this.at, text, at);
    return this.version !== "" && text.startsWith(this.version.slice(0, 16), at);
  }
}

const NONE: readonly string[] = [];

/** An entry of a table. */
export class TableEntry implements Entry {
  readonly #table: TicketTable;
  readonly #at: number;

  constructor(table: TicketTable, at: number) {
    this.#table = table;
    this.#at = at;
  }

  get racy(): boolean {
    return this.#table.has(this.#at, TRAITS.racy);
  }

  get stamp(): Stamp {
    return this.#table.stamp(this.#at);
  }

  get oid(): string {
    return this.#table.oid(this.#at);
  }

  /** Its row as it stands in the table. */
  rowBytes(): Buffer {
    return this.#table.rowBytes(this.#at);
  }

  get ticket(): Ticket | undefined {
    return this.#table.has(this.#at, TRAITS.ticket) ? this.#table.ticket(this.#at) : undefined;
  }

  get problem(): Problem | undefined {
    return this.#table.has(this.#at, TRAITS.problem) ? this.#table.row(this.#at)[14]?.problem : undefined;
  }

  get text(): string | undefined {
    return this.racy ? this.#table.row(this.#at)[14]?.text : undefined;
  }
}
