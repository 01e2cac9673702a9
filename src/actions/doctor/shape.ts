import type { Draft } from "../../store/change/draft.ts";
import type { Archive } from "../../store/disk/archive/archive.ts";
import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Finding } from "../../store/repair/finding.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";

/** Something wrong with tickets, and the change that mends it. */
export interface TicketFinding {
  readonly finding: Finding;
  /** Changes of ids come after all others. */
  readonly order?: 1 | 2;
  readonly change?: (draft: Draft) => Promise<void> | void;
  /** A file that gets another name, after all changes: names may be swapped, so all old ones are given up first. */
  readonly rename?: { readonly ticket: Ticket; readonly to: string };
  /** Paths in the store that the change replaces. */
  readonly replaces?: readonly string[];
}

/** A store's tickets as doctor sees them: every readable file, also one whose id another has. */
export interface Examination {
  readonly store: Store;
  readonly view: View;
  readonly archive: Archive;
  readonly tickets: readonly Ticket[];
  /** Archived tickets, those that are found by their id first; last the copies of them that lie among the active ones. */
  readonly archived: readonly Ticket[];
  /** Files of the top directory and the archive that are no readable tickets, and whatever else cannot be read. */
  readonly problems: readonly Problem[];
  /** Tickets that share an id. */
  readonly groups: readonly Group[];
  readonly places: Places;
  /** What is wrong with outputs. */
  readonly outputs: readonly TicketFinding[];
  /** What is wrong with attached files. */
  readonly attachments: readonly TicketFinding[];
}

/** Tickets with one id: the one that keeps it, and the newcomers. */
export interface Group {
  readonly kept: Ticket;
  readonly others: readonly Ticket[];
}

/** What lies in a store where it may not be what it looks like. */
export interface Places {
  /** Files other than tickets that are read as part of the store. */
  readonly others: readonly string[];
  /** Tickets where none is looked for. */
  readonly misplaced: readonly string[];
  /** Files and folders whose names are no UTF-8, with U+FFFD for what is not; nothing can open them by it. */
  readonly illNamed: readonly string[];
  /** Symbolic links in the place of files and folders of the store, but tickets. */
  readonly links: readonly string[];
}
