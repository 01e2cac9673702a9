import type { FieldChanges } from "../text/patchTicket.ts";
import type { Fields, Note, Ticket } from "../ticket.ts";
import { compareTime, formatDuration, formatTime, parseTime } from "../time.ts";
import type { Board } from "./board.ts";
import { categoryOf } from "./columns.ts";

/** The fields of a question, which come and go together. */
export const QUESTION_FIELDS = ["question", "answerOptions", "defaultAnswer", "answerBy"] as const;

/** A person has at least so long before a default answer is in force; in milliseconds. */
export const MIN_WAIT_MS = 10 * 60_000;

/** So many options can each be chosen by one key. */
export const MAX_OPTIONS = 9;

/** What is asked when a plan is made. */
export const PLAN_QUESTION = "May I go on as planned?";

/** The answer to that by which the agent that planned a ticket may do as planned. */
export const GO_ON = "go on";

/** How notes begin that ask and answer. */
export const ASKED = "Question: ";
export const ANSWERED = "Answer: ";

/** Whose word a default answer is: nobody's. */
const NOBODY = "ayo";
const BY_DEFAULT = /^Answer: [^\n]* \(default; nobody answered (?:in|until) [^\n]*\)$/;

/** The change that takes the question and all that goes with it out of a ticket. */
export function withoutQuestion(fields: Fields): FieldChanges {
  return Object.fromEntries(QUESTION_FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, null]));
}

/** The option that a text means: by what it says, in whatever case, or by its number from 1 on. */
export function optionIn(options: readonly string[], text: string): string | undefined {
  const wanted = text.trim();
  const same = (other: string): boolean => other.toLowerCase() === wanted.toLowerCase();
  return options.find((one) => one === wanted) ?? options.find(same) ?? options[numberOf(wanted) - 1];
}

function numberOf(text: string): number {
  return /^[1-9]$/.test(text) ? Number(text) : 0;
}

/**
 * Whether a question's default answer is in force at `now`, in milliseconds since 1970: nobody answered in time, and the
 * store has it so. Not where somebody blocked the ticket for another reason, where it is in review or finished, or where
 * a hand edit of it waits for a person.
 */
export function isDefaultInForce({ fields, status, path }: Ticket, board: Board, now: number): boolean {
  const { question, answerOptions = [], defaultAnswer, answerBy, blockedReason, unconfirmed } = fields;
  if (board.defaultAnswers !== true || question === undefined || answerBy === undefined) return false;
  if ((parseTime(answerBy) ?? Number.POSITIVE_INFINITY) > now) return false;
  if (defaultAnswer === undefined || !answerOptions.includes(defaultAnswer)) return false;
  if (blockedReason !== undefined || unconfirmed !== undefined || path.startsWith("archive/")) return false;
  const category = categoryOf(board, status);
  return category === "blocked" || category === "todo" || category === "active";
}

/** What a default answer makes of a ticket: it is open to be taken again, as after any answer. */
export function answeredByDefault({ fields, status }: Ticket, board: Board): FieldChanges {
  const isParked = categoryOf(board, status) === "blocked";
  return {
    ...(isParked ? { status: board.initial } : {}),
    ...(isParked && fields.started !== undefined ? { started: null } : {}),
    ...(fields.dispatched === undefined ? {} : { dispatched: null }),
    ...withoutQuestion(fields),
  };
}

/**
 * The note of a default answer, the same whoever writes it and when: `Answer: a (default; nobody answered in 30m)`.
 * `notes` are those of the ticket, of which one tells since when it was asked.
 */
export function defaultNote({ fields }: Ticket, notes: readonly Note[]): Note {
  const { answerBy = "", defaultAnswer = "" } = fields;
  const asked = notes.findLast(isQuestionNote)?.at;
  const until = parseTime(answerBy) ?? 0;
  const at = formatTime(until);
  const length = asked === undefined ? 0 : until - (parseTime(asked) ?? until);
  const how = length > 0 ? `in ${formatDuration(length)}` : `until ${at}`;
  return { at, by: NOBODY, text: `${ANSWERED}${defaultAnswer} (default; nobody answered ${how})` };
}

/** Whether a note is that of a default answer. */
export function isDefaultNote({ by, text }: Note): boolean {
  return by === NOBODY && BY_DEFAULT.test(text);
}

/** Whether a note is a question to a person. */
export function isQuestionNote({ text }: Note): boolean {
  return text.startsWith(ASKED);
}

/** Whether a note is somebody's answer. */
export function isAnswerNote(note: Note): boolean {
  return note.text.startsWith(ANSWERED) && note.by !== NOBODY;
}

/** Whether a new text of a ticket would answer itself otherwise, or sooner, than the one before. */
export function isDefaultChanged(before: Ticket | undefined, { fields: now }: Ticket): boolean {
  if (now.question === undefined || now.defaultAnswer === undefined || now.answerBy === undefined) return false;
  const was = before?.fields ?? {};
  const isSame = was.question === now.question && was.defaultAnswer === now.defaultAnswer;
  const isAmong = (was.answerOptions ?? []).join("\n") === (now.answerOptions ?? []).join("\n");
  return !isSame || !isAmong || was.answerBy === undefined || compareTime(now.answerBy, was.answerBy) < 0;
}
