import { categoryOf } from "../rules/columns.ts";
import { isAnswerNote, isDefaultNote, QUESTION_FIELDS } from "../rules/questions.ts";
import { parseNotes, removeNote } from "../text/notes.ts";
import { FIELDS, type Note } from "../ticket.ts";
import type { Front, FrontItem, Fronts } from "./frontItems.ts";
import type { PartsOf, Read } from "./readParts.ts";
import { choose, type Job, type Loss, nameOf, type Which, winnerOf } from "./sides.ts";

const KEYS: readonly string[] = QUESTION_FIELDS.map((name) => FIELDS[name].key);

/**
 * The side whose question stays, where both changed it and one is asked still: what is asked, the answers that it offers
 * and its default belong together. Undefined where each key tells for itself.
 */
export function questionSide({ base, a, b }: Fronts, job: Job): Which | undefined {
  return choose(saidIn(base), saidIn(a), saidIn(b)) === "clash" ? winnerOf(job, "question") : undefined;
}

/** All that a file asks, as one text. */
function saidIn(front: Front | undefined): string {
  return JSON.stringify(KEYS.map((key) => front?.get(key)?.value ?? null));
}

/**
 * The status of the side whose question stays, where the other one answered it, so that the ticket would be open with a
 * question; what has gone on since stays where it is.
 */
export function askedStatus(
  { a, b }: Fronts,
  side: Which | undefined,
  status: FrontItem | undefined,
  { context: { board } }: Job,
): FrontItem | undefined {
  const asks = side === undefined ? undefined : { a, b }[side];
  if (asks?.get("question")?.value === undefined) return status;
  return categoryOf(board, String(status?.value ?? "")) === "todo" ? asks.get("status") : status;
}

/** A file of a merge, taken apart; of the base none where the sides made the ticket apart. */
interface Files {
  readonly base: Read | undefined;
  readonly a: Read;
  readonly b: Read;
}

/**
 * Takes default answers out of a merged text that somebody's word on the other side has overtaken: an answer, a move, or
 * a question that is asked still. Their notes would be read as what holds. What gives way is added to the job's losses.
 */
export function withoutOvertaken(merged: string, { base, a, b }: Files, job: Job, partsOf: PartsOf): string {
  const known = parseNotes(base?.text ?? "");
  const freshIn = (file: Read, test: (note: Note) => boolean): Note[] =>
    parseNotes(file.text).filter((note) => test(note) && !isAmong(note, known));
  const asked = askedIn(partsOf(merged)?.front);
  let text = merged;
  for (const [own, other, which] of [
    [a, b, "b"],
    [b, a, "a"],
  ] as const) {
    const theirs = parseNotes(other.text);
    const gone = freshIn(own, isDefaultNote).filter((note) => !isAmong(note, theirs));
    const answer = freshIn(other, isAnswerNote).at(-1);
    const isMoved = saidIn(other.front) !== saidIn(base?.front) && freshIn(other, isDefaultNote).length === 0;
    // What its own side has asked since is another question.
    const isAsked = asked !== undefined && asked !== askedIn(own.front);
    if (answer === undefined && !isAsked && !isMoved) continue;
    for (const note of gone) {
      text = removeNote(text, note) ?? text;
      job.losses.push(lossOf(note, answer, nameOf(job, which, FIELDS.question.key)));
    }
  }
  return text;
}

function askedIn(front: Front | undefined): unknown {
  return front?.get(FIELDS.question.key)?.value;
}

function isAmong(note: Note, notes: readonly Note[]): boolean {
  return notes.some(({ at, by, text }) => at === note.at && by === note.by && text === note.text);
}

function lossOf({ at, text }: Note, answer: Note | undefined, who: string): Loss {
  const stays = answer === undefined ? `what ${who} said` : `the answer of ${answer.by ?? "somebody"} (${answer.at})`;
  const gone = `'${text}' (${at}) gave way`;
  return { field: FIELDS.question.key, text: `${stays} stays; ${gone}`, gone };
}
