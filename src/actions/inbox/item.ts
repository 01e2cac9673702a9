import type { View } from "../../store/disk/view.ts";
import type { Ancestry } from "../../store/history/ancestry.ts";
import type { HistoryTable } from "../../store/history/historyTable.ts";
import type { PastRow } from "../../store/history/pasts.ts";
import type { Store } from "../../store/open/store.ts";
import type { Category } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Why something is in an inbox, in the order in which lines are shown: what others wait for comes first. */
export const INBOX_KINDS = [
  "question",
  "human",
  "returned",
  "delegated",
  "review",
  "taken_back",
  "run",
  "unconfirmed",
  "accept",
  "pipeline",
  "allow",
  "unready",
  "unreadable",
  "lost",
  "merged",
  "mention",
  "handed",
  "overdue",
  "message",
  "off_track",
] as const;

/** Why something is in an inbox. */
export type InboxKind = (typeof INBOX_KINDS)[number];

/** What a question offers. */
export interface Choice {
  readonly options: readonly string[];
  readonly defaultAnswer?: string;
  readonly answerBy?: string;
}

/** One thing that needs somebody. */
export interface Need {
  /** What it is called, always the same: `mya-x7k2:q`, `mya-x7k2:note 3fa1c2d4`. */
  readonly key: string;
  readonly kind: InboxKind;
  /** The ticket; the file's name where it cannot be read, `config` for config.yml. */
  readonly id: string;
  readonly title: string;
  /** Who asks, hands over, or did the work. */
  readonly by: string | null;
  /** Since when, in milliseconds since 1970, where that is known. */
  readonly at?: number | undefined;
  readonly text: string;
  /** The note, where it is one. */
  readonly note?: string;
  /** Of a question: what may be answered by number, and what is the answer from when on where nobody answers. */
  readonly choice?: Choice;
  /** The command to act: a verb of tickets with what follows the id; of another thing all its words. */
  readonly act: string | readonly string[];
  /** What a mark on it is about: where this is otherwise, it is something new. */
  readonly about: string;
}

/** Tickets by what their column means. */
export interface Groups {
  readonly todo: readonly Ticket[];
  readonly active: readonly Ticket[];
  readonly review: readonly Ticket[];
  /** All that are not finished; also those in columns that the board does not have. */
  readonly open: readonly Ticket[];
}

/** What needs of somebody are looked for in. */
export interface Looked {
  readonly store: Store;
  readonly view: View;
  readonly table: HistoryTable;
  /** Who looks: an agent's name begins with `@`. */
  readonly name: string;
  /** Its tickets by what their column means. */
  readonly groups: Groups;
  /** The commits that changed a ticket, the newest first, for those that were asked about before. */
  readonly past: (ticket: Ticket) => readonly PastRow[];
  readonly ancestry: Ancestry;
  /** Tickets that were changed on two machines at once, lately. */
  readonly beside: ReadonlySet<Ticket>;
}

/** The words of the command to act on something. */
export function actOf({ act, id }: Pick<Need, "act" | "id">): readonly string[] {
  if (typeof act !== "string") return act;
  return ["ayo", "ticket", act, id, ...(act === "answer" || act === "note" ? ["…"] : [])];
}

/** Sorts the tickets by what their column means. */
export function groupsOf({ board, tickets }: View): Groups {
  const groups = { todo: [] as Ticket[], active: [] as Ticket[], review: [] as Ticket[], open: [] as Ticket[] };
  const known = new Map<string, Category | undefined>();
  for (const ticket of tickets) {
    const { status } = ticket;
    let category = known.get(status);
    if (category === undefined) {
      category = categoryOf(board, status);
      known.set(status, category);
    }
    if (category === "done" || category === "cancelled" || category === "failed") continue;
    groups.open.push(ticket);
    if (category === "todo" || category === "active" || category === "review") groups[category].push(ticket);
  }
  return groups;
}
