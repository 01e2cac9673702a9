import type { Card, Column } from "../shapes.ts";

/** An operation of a batch, without the tickets that it is for. */
export interface Operation {
  readonly op: string;
  readonly [input: string]: unknown;
}

/** Where cards are put, and what they get by that. */
export interface Target {
  readonly column?: Column;
  /** The ticket that they come before, or after, whose priority they get. */
  readonly place?: { readonly before: string } | { readonly after: string };
  /** What all that stands there has, such as an assignee. */
  readonly fields?: { readonly operation: Operation; readonly shown: Partial<Card>; readonly said: string };
}
