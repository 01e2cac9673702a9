import type { View } from "../../../store/disk/view.ts";
import { isAgent, isHeld } from "../../../ticket/rules/claim.ts";
import { columnAt } from "../../../ticket/rules/columns.ts";
import { parseNotes } from "../../../ticket/text/notes.ts";
import { fieldOf, type Note, type Ticket } from "../../../ticket/ticket.ts";
import { trackedText } from "../../../ticket/tracked/trackedText.ts";
import type { LocalNote, LocalTicket } from "../../../trackers/sync/localSide.ts";
import type { SharedNotes } from "../kinds/facts.ts";
import type { TrackerRules } from "../rules.ts";
import type { KnownText } from "./known.ts";
import { keyIn } from "./refs.ts";

/** Whether a note is for a tracker: never what ayo wrote itself, and agents' only where that is wanted. */
function isShared({ by }: Note, comments: SharedNotes): boolean {
  if (comments === "none" || by === "ayo") return false;
  return comments === "all" || by === null || !isAgent(by);
}

/** A run of a pipeline is none of anybody else's work. */
const isWork = (ticket: Ticket): boolean => fieldOf(ticket, "pipeline") === undefined;

/** How texts of tickets are read: each version once. */
export interface Texts {
  readonly known: Map<string, KnownText>;
  /** Hears that one was read anew. */
  readonly isNew: () => void;
  readonly read: (ticket: Ticket) => string;
}

/** What reading a ticket for a tracker needs to know. */
export interface Reading {
  readonly rules: TrackerRules;
  readonly isLinked: boolean;
  /** It is kept at another tracker: a ticket is kept at one. */
  readonly isElsewhere: boolean;
  readonly texts: Texts;
}

/** A ticket as trackers know of it; of one that no item is for, nothing but its relations is read. */
export function localTicket(view: View, ticket: Ticket, { rules, isLinked, isElsewhere, texts }: Reading): LocalTicket {
  const isOurs = isWork(ticket) && !isElsewhere;
  const isPublished = rules.push === "all" && isOurs && !ticket.path.startsWith("archive/");
  const { text, notes } = isLinked || isPublished ? textOf(ticket, texts) : { text: "", notes: [] };
  const [assignee = null] = fieldOf(ticket, "assignee") ?? [];
  const key = keyIn(fieldOf(ticket, "externalRef") ?? "", rules);
  return {
    id: ticket.id,
    ...(key === undefined ? {} : { key }),
    fields: {
      title: ticket.title,
      description: text,
      status: columnAt(view.board, ticket.status)?.id ?? ticket.status,
      priority: fieldOf(ticket, "priority") ?? 2,
      assignee,
      parent: fieldOf(ticket, "parent") ?? null,
    },
    labels: fieldOf(ticket, "tags") ?? [],
    deps: fieldOf(ticket, "deps") ?? [],
    notes: notes.map((note): LocalNote => ({ ...note, isPublic: isShared(note, rules.comments) })),
    isClaimed: isHeld(ticket, view.now),
    isPublished,
  };
}

function textOf(ticket: Ticket, { known, read, isNew }: Texts): KnownText {
  const before = known.get(ticket.id);
  if (before !== undefined && before.version === ticket.version) return before;
  const source = read(ticket);
  const text = { version: ticket.version, text: trackedText(source), notes: parseNotes(source) };
  known.set(ticket.id, text);
  isNew();
  return text;
}
