import { STORE } from "./mayCall.ts";
import { formsOf, isMentionOf } from "./mentions.ts";
import { whoOf } from "./rules/collaborators.ts";
import { readDescription } from "./text/body.ts";
import { foldName, mentionsIn } from "./text/mentionsIn.ts";
import { noteId } from "./text/noteId.ts";
import { parseNotes } from "./text/notes.ts";
import type { Fields, Note } from "./ticket.ts";
import { parseTime } from "./time.ts";

/** How a text reaches somebody: it mentions him, he follows the ticket, or the store tells him that his did not stay. */
export type CallKind = "mention" | "message" | "lost" | "merged";

/** Something in a ticket's text that somebody has not answered yet. */
export interface Call {
  readonly kind: CallKind;
  /** The note, or null for the description. */
  readonly note: string | null;
  /** In seconds since 1970. */
  readonly at: number;
  /** Who wrote the note; "" where that is not known. */
  readonly by: string;
  /** Whom it is for: a name, or as he is mentioned, with `@`. */
  readonly to: string;
  /** Who wrote it or since, where others may be meant by the same first name: for them it is settled. */
  readonly heard?: readonly string[];
}

/** The person whom an agent works for, whatever his name is. */
export const ANY_PERSON = "user";
/** What commands write before a text in its first line. */
const QUESTION = "Question: ";
const ANSWER = "Answer: ";
const LEAD = /^(?:Question|Answer): /;
/** How the store says whose claim is gone, and whose value (`change/leases.ts`, `sync/claims/loseClaims.ts`, `merge/`). */
const LOST = [/^The (?:lease|review) of (.+?) ran out at /, /^The claim of (.+?) was (?:lost to|ended elsewhere)/];
const GAVE_WAY = /^Merge: [\s\S]* of (.+?)(?: \(\d{4}-[^)]*\))? gave way/;

/**
 * What in a ticket's text still calls for somebody, one text for each, as {@link readCall} reads them. A call in a note is
 * answered by a later note of whom it is for; of the description nobody can tell from the text alone. Whoever holds a ticket, or has it assigned, hears of its notes as its followers do.
 */
export function callsIn(source: string, fields: Fields): readonly string[] | undefined {
  const followers = followersIn(fields);
  const notes = parseNotes(source);
  const calls = [
    ...inDescription(source, fields),
    ...notes.flatMap((note, at) => inNote(note, notes.slice(at + 1))),
    ...answers(notes),
    ...messages(notes, new Set(followers)),
  ];
  return calls.length === 0 ? undefined : [...new Set(calls.map(formatCall))];
}

function followersIn({ collaborators = [], assignee = [], claimedBy }: Fields): string[] {
  return [...collaborators.map(whoOf), ...assignee, ...(claimedBy === undefined ? [] : [claimedBy])];
}

function inDescription(source: string, { created }: Fields): Call[] {
  const at = secondsOf(created ?? "");
  return mentionsIn(readDescription(source)).map((to) => ({ kind: "mention", note: null, at, by: "", to }));
}

function inNote(note: Note, later: readonly Note[]): Call[] {
  const call = (kind: CallKind, to: string): Call => ({ ...callOf(note), kind, to });
  const isOpen = (to: string): boolean => !later.some((one) => isBy(one, to));
  if (note.by === STORE) {
    const lost = LOST.map((pattern) => pattern.exec(note.text)?.[1]).find((name) => name !== undefined);
    const gone = GAVE_WAY.exec(note.text)?.[1];
    return [
      ...(lost === undefined ? [] : [call("lost", lost)]),
      ...(gone === undefined ? [] : gone.split(/, | and /).map((one) => call("merged", one))),
    ].filter(({ to }) => isOpen(to));
  }
  return mentionsIn(note.text.replace(LEAD, "")).flatMap((to) => {
    const heard = new Set([note, ...later].flatMap((one) => (one.by !== null && isBy(one, to) ? [one.by] : [])));
    if (heard.size === 0) return [call("mention", to)];
    return [...heard].some((name) => isNoOther(to, name)) ? [] : [{ ...call("mention", to), heard: [...heard] }];
  });
}

/** Whether a mention of somebody means nobody else: a first name may be that of two. */
function isNoOther(to: string, name: string): boolean {
  if (name.startsWith("@") || foldName(to) === `@${ANY_PERSON}`) return true;
  return /\s/.test(name.trim()) && foldName(to) !== foldName(formsOf(name)[0] ?? "");
}

/** Everybody who asked hears of the answer, whoever has the ticket then: of the newest that is an answer to him. */
function answers(notes: readonly Note[]): Call[] {
  const newest = new Map<string, Note>();
  let asker: string | null = null;
  for (const note of notes) {
    for (const to of newest.keys()) if (isBy(note, to)) newest.delete(to);
    if (note.text.startsWith(QUESTION)) asker = note.by;
    else if (asker && note.text.startsWith(ANSWER) && !isBy(note, asker)) newest.set(asker, note);
  }
  return [...newest].map(([to, answer]) => ({ ...callOf(answer), kind: "message" as const, to }));
}

/** For each who follows: the newest note of another behind his own last one. */
function messages(notes: readonly Note[], followers: ReadonlySet<string>): Call[] {
  return [...followers].flatMap((to) => {
    const last = notes.findLast(({ by }) => by !== STORE);
    return last === undefined || isBy(last, to) ? [] : [{ ...callOf(last), kind: "message" as const, to }];
  });
}

function callOf(note: Note): Omit<Call, "kind" | "to"> {
  return { note: noteId(note), at: secondsOf(note.at), by: note.by ?? "" };
}

/** Whether somebody wrote a note, by his name or by how he is mentioned. */
function isBy({ by }: Note, who: string): boolean {
  return by !== null && isFor(who, by);
}

/** Whether what is for `to` is for somebody of this name. */
export function isFor(to: string, name: string): boolean {
  if (to.toLowerCase() === name.toLowerCase()) return true;
  if (to.replace(/^@/, "").toLowerCase() === ANY_PERSON) return !name.startsWith("@");
  return to.startsWith("@") && isMentionOf(to, name);
}

function secondsOf(time: string): number {
  return Math.floor((parseTime(time) ?? 0) / 1000);
}

const LETTERS: Readonly<Record<CallKind, string>> = { mention: "m", message: "n", lost: "l", merged: "g" };
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind as CallKind]));

function formatCall({ kind, note, at, by, to, heard = [] }: Call): string {
  const names = [by, ...heard].map(encodeURIComponent).join("/");
  return `${LETTERS[kind]}${note ?? "-"} ${at.toString(36)} ${names} ${to}`;
}

/** Notes of others above the last one of somebody that call for him, or that he would hear of as one who follows. */
export function callsBefore(source: string, fields: Fields, name: string): Call[] {
  const notes = parseNotes(source);
  const last = notes.findLastIndex((note) => isBy(note, name));
  const follows = followersIn(fields).some((one) => isFor(one, name));
  return notes.slice(0, Math.max(0, last)).flatMap((note) => {
    if (note.by === STORE || isBy(note, name)) return [];
    const isCalled = mentionsIn(note.text.replace(LEAD, "")).some((one) => isFor(one, name));
    if (!isCalled && !follows) return [];
    return [{ ...callOf(note), kind: isCalled ? ("mention" as const) : ("message" as const), to: name }];
  });
}

/** Whom a call of {@link callsIn} is for, without reading the rest. */
export function whoIsCalled(text: string): string {
  return text.slice(text.indexOf(" ", text.indexOf(" ", text.indexOf(" ") + 1) + 1) + 1);
}

/** A call of {@link callsIn}. */
export function readCall(text: string): Call {
  const [head = "", at = "0", names = ""] = text.split(" ", 3);
  const [by = "", ...heard] = names.split("/").map(decodeURIComponent);
  const isNote = head[1] !== "-";
  return {
    kind: KINDS.get(head[0] ?? "") ?? "mention",
    note: isNote ? head.slice(1) : null,
    at: Number.parseInt(at, 36),
    by,
    to: whoIsCalled(text),
    ...(heard.length === 0 ? {} : { heard }),
  };
}
