import type { FilterField, PlainValues } from "../plainFields.ts";
import type { Board, Category } from "../rules/board.ts";

/** Whether a thing passes. */
export type Test<T> = (one: T) => boolean;

/** How the filter language reads a thing: a ticket of a store, or a card of the page. */
export interface Reader<T> {
  readonly texts: (one: T) => { readonly id: string; readonly title: string; readonly status: string };
  readonly category: (one: T) => Category | null | undefined;
  readonly tags: (one: T) => readonly string[];
  readonly assignees: (one: T) => readonly string[];
  readonly claimant: (one: T) => string | null | undefined;
  readonly words: (one: T) => Readonly<Partial<Record<"type" | "parent", string | null>>>;
  readonly priority: (one: T) => number | undefined;
  readonly dates: (one: T) => Readonly<Partial<Record<"created" | "started" | "closed", string | null>>>;
  /** The plain fields that can be asked for, under their names in code. */
  readonly fields: (one: T) => { readonly [N in FilterField]?: PlainValues[N] | null };
  /** What `is:` knows besides the categories and what follows from them. */
  readonly states: Readonly<Record<"ready" | "blocked" | "claimed" | "unconfirmed" | "archived", Test<T>>>;
  /** What `has:` knows besides what the fields above tell. */
  readonly parts: Readonly<Record<"children" | "commits" | "criteria" | "deps" | "links" | "question", Test<T>>>;
}

/** What a filter is judged by. */
export interface FilterScope<T> {
  readonly reader: Reader<T>;
  readonly board: Pick<Board, "columns" | "types">;
  /** The things to choose from: a status or type that only they have is allowed too. */
  readonly all: Iterable<T>;
  /** Who `@me` is. */
  readonly me: () => string;
  /** The id that a part of one means, among parents. @throws not_found */
  readonly parent: (wanted: string) => string;
  /** What two words have in common that mean the same project. */
  readonly project: (word: string) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
}
