import type { Changes } from "../../ticket/events/changes.ts";

/** Something of a change that stays, and why. */
export interface Kept {
  /** Null for a file that is no ticket. */
  readonly id: string | null;
  /** A field; null for the whole ticket. */
  readonly field: string | null;
  readonly reason: string;
  /** Who changed the ticket since. */
  readonly by: readonly string[];
}

/** A ticket that an undo changed. */
export interface UndoneTicket {
  readonly id: string;
  readonly title: string;
  readonly kind: "changed" | "deleted" | "restored";
  readonly changes: Changes;
}
