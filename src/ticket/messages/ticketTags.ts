import { matchId } from "../ids.ts";

/** One `TICKET: <id>` of a message. */
export interface TicketTag {
  /** What stands there, without a full stop behind it. */
  readonly text: string;
  /** False for words after the first in `TICKET: a, b and c`: they are meant if there are such tickets. */
  readonly certain: boolean;
}

/** Finds the id of a ticket by its lower-case spelling. */
export type FindId = (lowerCase: string) => string | undefined;

const KEYWORD = /(?<![\w/.])(?<!\w-)TICKET[ \t]*:[ \t]*/gi;
/** What people put around an id. */
const BEFORE = /["'`([{*#]*[ \t]*["'`([{*#]*/y;
const ID = /[A-Za-z0-9][A-Za-z0-9._-]*/y;
const BETWEEN = /["'`)\]}*]*[ \t]*(?:,[ \t]*(?:and[ \t]+)?|[ \t]and[ \t]+|&[ \t]*)["'`([{*#]*/iy;
/** An id has at most 64; what is longer is no id, but is shown as what was typed. */
const MAX_ID = 100;

/**
 * The tickets that a commit message names: `TICKET: <id>` in any case, anywhere, any number of times,
 * each once. A placeholder like `<id>` names none.
 */
export function parseTags(message: string): TicketTag[] {
  const tags = new Map<string, TicketTag>();
  const add = (text: string, certain: boolean): void => {
    const known = tags.get(text.toLowerCase());
    if (known === undefined || (certain && !known.certain)) tags.set(text.toLowerCase(), { text, certain });
  };
  for (const { index, 0: keyword } of message.matchAll(KEYWORD)) {
    let at = index + keyword.length;
    const take = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      const text = pattern.exec(message)?.[0];
      at += text?.length ?? 0;
      return text;
    };
    take(BEFORE);
    for (let certain = true; ; certain = false) {
      const text = take(ID);
      if (text === undefined) break;
      // A full stop ends the sentence, and the list in it.
      const id = text.replace(/\.+$/, "");
      add(id.slice(0, MAX_ID), certain);
      if (id !== text || take(BETWEEN) === undefined) break;
    }
  }
  return [...tags.values()];
}

/**
 * The ids, in lower case, that a tag may mean, the longest first: an id may hold dots and dashes, and a sentence may
 * go on without a blank after them.
 */
export function idsMeant({ text }: Pick<TicketTag, "text">): string[] {
  const found: string[] = [];
  for (let rest = text.toLowerCase(); rest !== ""; ) {
    found.push(rest);
    const shorter = rest.replace(/[._-]+$/, "");
    const end = shorter === rest ? rest.lastIndexOf(".") : shorter.length;
    rest = end <= 0 ? "" : rest.slice(0, end);
  }
  return found;
}

/** The id of the ticket that a tag means, or undefined where there is none. */
export function resolveTag(tag: Pick<TicketTag, "text">, find: FindId): string | undefined {
  for (const id of idsMeant(tag)) {
    const found = find(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Up to three ids that somebody who typed `text` may have meant. */
export function idsNear(text: string, ids: readonly string[]): string[] {
  try {
    return [matchId(text, ids, { substring: true })];
  } catch (error) {
    const { candidates, near } = (error as { readonly data?: Record<string, readonly string[]> }).data ?? {};
    return [...(candidates ?? near ?? [])].slice(0, 3);
  }
}
