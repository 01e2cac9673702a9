import { readDescription } from "../text/body.ts";
import { parseCriteria } from "../text/criteria.ts";
import { parseNotes } from "../text/notes.ts";
import type { Criterion, Note } from "../ticket.ts";

/** What events ask of a ticket's text. */
export interface TextParts {
  readonly notes: readonly Note[];
  readonly description: string;
  readonly criteria: readonly Criterion[];
}

/** A commit's version after is the next one's before, and each is asked of several times: so many are kept. */
const KEPT = 4;
const known = new Map<string, TextParts>();

/** The parts of a text, each read once, when it is asked for. */
export function partsOfText(text: string): TextParts {
  const parts = known.get(text) ?? partsRead(text);
  known.delete(text);
  known.set(text, parts);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
  return parts;
}

function partsRead(text: string): TextParts {
  let [notes, description, criteria]: Partial<[TextParts["notes"], string, TextParts["criteria"]]> = [];
  return {
    get notes() {
      notes ??= parseNotes(text);
      return notes;
    },
    get description() {
      description ??= readDescription(text);
      return description;
    },
    get criteria() {
      criteria ??= parseCriteria(text);
      return criteria;
    },
  };
}

/** How many notes both have at their beginning: most often all that one of them has. */
export function alike(before: readonly Note[], after: readonly Note[]): number {
  let count = 0;
  for (const note of after) {
    const other = before[count];
    if (other === undefined || !isSameNote(note, other)) return count;
    count++;
  }
  return count;
}

/** Whether two notes are equal. */
export function isSameNote(one: Note, other: Note): boolean {
  return one.text === other.text && one.at === other.at && one.by === other.by;
}
