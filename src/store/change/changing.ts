import type { Ticket } from "../../ticket/ticket.ts";
import type { View } from "../disk/view.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Draft } from "./draft.ts";
import type { Sentence } from "./message.ts";

/** What a change answers: its sentence (none where nothing had to change) and its own result. */
export interface Change<T> {
  readonly sentence?: Sentence;
  readonly result: T;
}

/** How a transaction went besides its result. */
export interface Outcome<T> {
  readonly result: T;
  /** The commit that holds the change; undefined when there was nothing to commit, or it waits. */
  readonly commit?: string;
  /** Why the commit has to wait; the files are in place. */
  readonly deferred?: string;
  /** Subjects of the commits made for hand edits on the way, and what else the user should know. */
  readonly notices: readonly string[];
  /** Of a dry run: whether something would change. */
  readonly wouldChange?: boolean;
  /** The store after the change. */
  readonly after: () => Promise<View>;
}

/** Who changes, and under what conditions. */
export interface TransactionOptions {
  readonly actor: Actor;
  /** Runs the change and throws its files away; takes no lock and commits no hand edit. */
  readonly dryRun?: boolean;
  /** Refuse with git_busy rather than put off the commit: claims must never be in doubt. */
  readonly mustCommit?: boolean;
  /** Claims that ran out and are not to be taken back before the change: the caller's own, which it may renew. */
  readonly spares?: () => Promise<(ticket: Ticket, view: View) => boolean>;
  /** Questions whose default answer is not to be written before the change: the caller answers them. */
  readonly sparesQuestion?: (ticket: Ticket) => boolean;
  /**
   * Where nobody can wait for hooks: they run in the background, and this gets the notices that would have been the
   * outcome's.
   */
  readonly onPublished?: (notices: readonly string[]) => void;
}

/** `onDone` is called once the change is made, with the store's lock still held: for records that belong to it. */
export type Options<T> = TransactionOptions & { readonly onDone?: (result: T) => void };

/** A change of a store: what it changes, it changes on the draft. */
export type Run<T> = (draft: Draft) => Promise<Change<T>> | Change<T>;
