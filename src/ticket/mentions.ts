import { alike, isSameNote, partsOfText } from "./events/textParts.ts";
import { foldName, mentionsIn } from "./text/mentionsIn.ts";
import { noteId } from "./text/noteId.ts";
import type { Note } from "./ticket.ts";

/** Who is mentioned where: `note` is a note's id, or null for the description. */
export interface Mention {
  readonly note: string | null;
  /** With their `@`, as they are written. */
  readonly names: readonly string[];
}

/** The author of notes that the store writes itself: what it says of somebody calls nobody. */
const STORE = "ayo";
/** What commands write before a text in its first line. */
const LEAD = /^(?:Question|Answer): /;

/**
 * The mentions that one version of a ticket's text has and the one before it had not: of a new note all its names, of a
 * description or note that was edited those that are new in it. A note that was there before, wherever it stood, mentions
 * nobody again.
 */
export function newMentions(before: string, after: string): Mention[] {
  if (before === after || !after.includes("@")) return [];
  const [old, now] = [partsOfText(before), partsOfText(after)];
  const description = added(old.description, now.description);
  const mentions = [{ note: null, names: description }, ...inNotes(old.notes, now.notes)];
  return mentions.filter(({ names }) => names.length > 0);
}

function inNotes(all: readonly Note[], now: readonly Note[]): Mention[] {
  const count = alike(all, now);
  const [stayed, before, after] = [all.slice(0, count), all.slice(count), now.slice(count)];
  const isIn = (some: readonly Note[], note: Note): boolean => some.some((one) => isSameNote(one, note));
  const gone = before.filter((note) => !isIn(after, note));
  const fresh = new Map(after.map((note) => [noteId(note), note]));
  return [...fresh].flatMap(([id, note]) => {
    if (isIn(before, note) || isIn(stayed, note) || note.by === STORE) return [];
    return [{ note: id, names: added(versionOf(note, gone)?.text ?? "", note.text) }];
  });
}

/** What a note was before it was edited: one that is gone has its time and author, or its text. */
function versionOf(note: Note, gone: Note[]): Note | undefined {
  const at = gone.findIndex((one) => one.at === note.at && one.by === note.by);
  const found = at >= 0 ? at : gone.findIndex((one) => one.text === note.text);
  return found < 0 ? undefined : gone.splice(found, 1)[0];
}

function added(before: string, after: string): string[] {
  if (before === after) return [];
  const names = mentionsIn(after.replace(LEAD, ""));
  if (names.length === 0) return names;
  const old = new Set(mentionsIn(before.replace(LEAD, "")).map(foldName));
  return names.filter((name) => !old.has(foldName(name)));
}

/**
 * By which words a name is mentioned, the usual first: `@coder` by itself, Mara Lind as `@Mara`, `@Mara-Lind`, `@mara.lind`
 * and so on, since a mention has no blanks.
 */
export function formsOf(name: string): string[] {
  const words = name.replace(/^@/, "").split(/\s+/).filter(Boolean);
  const forms =
    words.length < 2 ? words : [words[0] ?? "", ...["-", ".", "_", ""].map((between) => words.join(between))];
  return forms.map((form) => `@${form}`);
}

/** Whether a mention, `@mara`, means this name. */
export function isMentionOf(mention: string, name: string): boolean {
  const wanted = foldName(mention);
  return formsOf(name).some((form) => foldName(form) === wanted);
}
