import { AyoError } from "../../error.ts";
import { dateToCome, pastMoment } from "../../ticket/moments.ts";
import { noPriority, priorityFrom } from "../../ticket/priority.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import { columnFor } from "../../ticket/rules/columns.ts";
import { conflictLine } from "../../ticket/text/conflictMarkers.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";

/** Longer titles are refused: they are a body in the wrong place. In characters. */
export const MAX_TITLE = 500;
/** The longest text that is taken as a body, design or note, in characters. */
export const MAX_TEXT = 20 * 1024 * 1024;
/**
 * A title fit for a heading line.
 * @throws bad_input when it is empty, too long, or holds line breaks or control characters
 */
export function checkTitle(title: string): string {
  assertWellFormed("title", title);
  const trimmed = title.trim();
  if (trimmed === "") throw bad("title", "the title is empty");
  if (trimmed.length > MAX_TITLE)
    throw bad("title", `the title has ${trimmed.length} characters; at most ${MAX_TITLE}`);
  if (/[\p{Cc}\u2028\u2029]/u.test(trimmed)) throw bad("title", "the title holds a line break or control character");
  return trimmed;
}

/** A text without NUL and merge conflicts, with plain line ends; `name` is for the error. */
export function checkText(name: string, text: string): string {
  assertStorable(name, text);
  const conflict = conflictLine(text);
  if (conflict !== undefined) {
    const how = "settle it, or put it between two lines ``` to show it";
    throw bad(name, `${name}, line ${conflict}: a merge conflict (<<<<<<< … >>>>>>>): ${how}`);
  }
  if (text.length > MAX_TEXT) throw bad(name, `${name} is longer than ${MAX_TEXT / 1024 / 1024} Mi characters`);
  return text.replaceAll("\r\n", "\n");
}

/** A value for one front matter line. */
export function checkWord(name: string, value: string): string {
  assertWellFormed(name, value);
  const trimmed = value.trim();
  if (trimmed === "") throw bad(name, `${name} is empty`);
  if (/[\p{Cc}\u2028\u2029]/u.test(trimmed)) throw bad(name, `${name} holds a line break or control character`);
  if (trimmed.length > MAX_TITLE) throw bad(name, `${name} is longer than ${MAX_TITLE} characters`);
  return trimmed;
}

/** Who a ticket is given to: an agent as `@name`, or a person. */
export function checkActor(name: string): string {
  const word = checkWord("name", name);
  if (!word.startsWith("@") || /^@[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(word)) return word;
  throw bad("name", `'${name}' is not an agent's name: use letters, digits, '.', '_' and '-'`);
}

/** The words of a list option; a comma separates too. */
export function checkWords(name: string, values: readonly string[]): string[] {
  const words = values.flatMap((value) => value.split(",")).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== "").map((word) => checkWord(name, word)))];
}

/** 0 (highest) to 4, or a word for it. */
export function checkPriority(value: string | number): number {
  const number = priorityFrom(value);
  if (number === undefined) throw bad("priority", noPriority(value));
  return number;
}

/** One of the store's ticket types. */
export function checkType(board: Board, type: string): string {
  if (board.types.includes(type)) return type;
  throw bad("type", `type '${type}' is not one of ${board.types.join(", ")}`, { allowed: board.types });
}

/** A column by id or name. */
export function checkColumn(board: Board, name: string): Column {
  const column = columnFor(board, name);
  if (column !== undefined) return column;
  const allowed = board.columns.map((one) => one.id);
  throw bad("status", `status '${name}' is not one of ${allowed.join(", ")}`, { allowed });
}

/** A date, a time, or a duration from now, as tickets write it. */
export function checkDate(name: string, value: string, now: number): string {
  const date = dateToCome(value, now);
  if (date !== undefined) return date;
  throw bad(name, `${name} '${value}' is neither a date (2026-12-31, tomorrow, friday) nor a duration (3d)`);
}

/** When something happened, as tickets write it: a time, a day, or how long ago. */
export function checkPast(name: string, value: string, now: number): string {
  if (parseTime(value) !== undefined) return value.trim();
  const moment = pastMoment(value, now);
  if (moment !== undefined) return formatTime(moment);
  throw bad(name, `${name} '${value}' is neither a date (2026-12-31, yesterday) nor how long ago it was (3d)`);
}

/** A file is text: no NUL, and no half of a character. @throws bad_input */
export function assertStorable(name: string, text: string): void {
  if (text.includes("\0")) throw bad(name, `${name} holds a NUL character`);
  assertWellFormed(name, text);
}

/** JSON can hold half of a character, which would be stored as another one. */
function assertWellFormed(name: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw bad(name, `${name} holds half of a character (a lone surrogate)`);
}

function bad(field: string, message: string, data: Record<string, unknown> = {}): AyoError {
  return new AyoError("bad_input", message, { data: { field, ...data } });
}
