import { type Mention, newMentions } from "../mentions.ts";
import { type Changes, changesOf, type FieldChange, type Snapshot } from "./changes.ts";
import { isArchived } from "./world.ts";

/** Commits that bring or bring back what was said before. */
const OLD_NEWS: ReadonlySet<string | undefined> = new Set(["imported", "undone"]);
/** Who adds more files than this at once copies them. */
const MAX_BY_HAND = 10;

/** What a commit says of itself. */
interface SaidOf {
  readonly event: string | undefined;
  readonly byHand: boolean;
}

/** One ticket's file before and after it. */
interface Versions {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
}

/** A mention with what of the ticket's changes it is in. */
interface ToldMention {
  readonly after: Snapshot;
  readonly mention: Mention;
  readonly changes: Changes;
}

/**
 * Whom a commit mentions, once for each note and description. What is imported, taken back or copied was said elsewhere
 * before and calls nobody; of a file that somebody adds by hand only the description is new.
 */
export function mentionsOf(commit: SaidOf, changed: readonly Versions[]): ToldMention[] {
  if (OLD_NEWS.has(commit.event)) return [];
  if (commit.byHand && changed.filter(({ before }) => before === undefined).length > MAX_BY_HAND) return [];
  return changed.flatMap(({ before, after }) => {
    // A version of a branch that was rewritten, whose text is gone, says nothing of what is new.
    if (after === undefined || before?.text === "") return [];
    if (before === undefined && isArchived(after.ticket.path)) return [];
    const mentions = newMentions(before?.text ?? "", after.text);
    const isCopied = before === undefined && commit.byHand;
    const told = isCopied ? mentions.filter(({ note }) => note === null) : mentions;
    return told.map((mention) => ({ after, mention, changes: changesIn(changesOf(before, after), mention) }));
  });
}

/** The note or the description, of all that changed. */
function changesIn({ description, notes }: Changes, { note }: Mention): Changes {
  if (note === null) return description === undefined ? {} : { description };
  return notes === undefined ? {} : { notes: { from: notes.from, to: withId(notes, note) } };
}

function withId({ to }: FieldChange, id: string): FieldChange["to"] {
  return Array.isArray(to) ? to.filter((one) => (one as { readonly id?: string }).id === id) : to;
}
