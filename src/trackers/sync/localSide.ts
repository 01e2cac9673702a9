import type { Author, Scalar, Scalars, Value } from "../provider.ts";
import type { Pair } from "./pair.ts";

/** A note of a ticket. */
export interface LocalNote {
  readonly at: string;
  readonly by: string | null;
  readonly text: string;
  /** Whether it is for the tracker: not what ayo itself wrote. */
  readonly isPublic: boolean;
}

/** A ticket as far as trackers know of it. */
export interface LocalTicket {
  readonly id: string;
  /** The item that its file names, where it names one: by it a ticket whose pair was lost is known again. */
  readonly key?: string | undefined;
  readonly fields: Scalars;
  readonly labels: readonly string[];
  readonly deps: readonly string[];
  readonly notes: readonly LocalNote[];
  /** Somebody holds a claim on it now. */
  readonly isClaimed: boolean;
  /** It is to be published if it has no item yet. */
  readonly isPublished: boolean;
}

/** How far the tracker was read: times of its own clock. */
export interface Cursor {
  readonly items?: string | undefined;
  readonly comments?: string | undefined;
  readonly relations?: string | undefined;
}

/**
 * Up to when this machine has read the relations of items, where that came to nothing and so the cursor is not kept: it
 * spares requests, and may be lost. It holds for one cursor.
 */
export interface Ahead {
  readonly find: (cursor: Cursor) => string | undefined;
  readonly keep: (cursor: Cursor, relations: string | undefined) => void;
}

/** Tickets and pairs as they are. */
export interface LocalState {
  readonly tickets: ReadonlyMap<string, LocalTicket>;
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly cursor: Cursor;
  /** Tickets that are there and may not be changed now, and so are not among the others: archived, or files that nobody can read. */
  readonly away?: ReadonlySet<string> | undefined;
}

/** What this side makes of a value of another's before it can hold it: what is set, and agreed on, is what comes out. */
export type Fit = (field: Scalar | "note" | "label" | "by", value: Value) => Value;

/** A ticket after a change, with what it was. */
export interface TicketEdit {
  readonly before: LocalTicket | undefined;
  readonly after: LocalTicket;
  /** The item that it came from, where the ticket is new or was changed by it. */
  readonly key: string;
  /** Who made all of the change there, where that is one and known. */
  readonly by?: Author | undefined;
  /** Of a new one: when its item was made. */
  readonly createdAt?: string | undefined;
}

/** Something that a person should hear; told once. */
export interface Told {
  readonly id: string;
  readonly text: string;
}

/** What is to be made at once, or not at all. */
export interface LocalChange {
  readonly tickets: readonly TicketEdit[];
  /** Pairs by ticket; undefined where one is forgotten. */
  readonly pairs: ReadonlyMap<string, Pair | undefined>;
  readonly cursor: Cursor | undefined;
}

/** This side of a sync: tickets and what is remembered of their items. */
export interface LocalSide {
  /** What tells this store from all others. */
  readonly storeId: string;
  readonly read: () => Promise<LocalState>;
  /**
   * Makes a change: all of it, safe on the disk when this resolves. `work` gets what is there now, and may be run again
   * where somebody else was quicker. Nothing is made of an empty change.
   */
  readonly change: <T>(work: (now: LocalState) => { readonly change: LocalChange; readonly result: T }) => Promise<T>;
  /** The id of the ticket for an item, the same on every machine; of those that are taken none. */
  readonly idFor: (key: string, isTaken: (id: string) => boolean) => string;
  readonly ahead?: Ahead | undefined;
  /** A pure function; what it answers it leaves as it is. */
  readonly fit?: Fit | undefined;
  /** Waited for after the journal was put down and before anything is made there. */
  readonly journalled?: (() => Promise<void>) | undefined;
  /** Asked before what was read is taken in, and before what will be sent is put down. @throws TrackerError `turn` */
  readonly assertTurn?: (() => void) | undefined;
}
