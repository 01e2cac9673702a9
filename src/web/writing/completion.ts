/** The word before the caret that can be completed: a name after `@`, a ticket after `#`, or the beginning of an id. */
export interface Begun {
  readonly kind: "name" | "ticket";
  /** Where it begins, with its mark. */
  readonly from: number;
  /** Without its mark. */
  readonly word: string;
}

/** Something that a word can become. */
export interface Offer {
  readonly insert: string;
  readonly text: string;
  readonly hint: string;
}

/** Somebody who can be mentioned. */
export interface Named {
  readonly name: string;
  readonly hint: string;
}

/** A ticket by what it is found by. */
export interface Found {
  readonly id: string;
  readonly title: string;
  readonly isFinished: boolean;
}

/** So many are offered. */
const SHOWN = 8;
const NAME = /(?:^|[\s([{,;:"'“‘/|*_])@([\p{L}\p{N}\p{M}._-]{0,60})$/u;
const TICKET = /(?:^|[\s([{,;:"'“‘/|*_])#([\p{L}\p{N}\p{M}._-]{0,60})$/u;
const ID = /(?:^|[^\p{L}\p{N}._-])([A-Za-z0-9._]+-[A-Za-z0-9.]*)$/u;
/** No word is longer, with what stands before it. */
const FAR = 130;

/** The word that ends at the caret, where it is one that can be completed. */
export function begunAt(text: string, caret: number): Begun | undefined {
  const before = text.slice(Math.max(0, caret - FAR), caret);
  const name = NAME.exec(before)?.[1];
  if (name !== undefined) return { kind: "name", from: caret - name.length - 1, word: name };
  const ticket = TICKET.exec(before)?.[1];
  if (ticket !== undefined) {
    const from = caret - ticket.length - 1;
    // At the beginning of a line it may become a heading.
    const isLineStart = from === 0 || text[from - 1] === "\n";
    return ticket === "" && isLineStart ? undefined : { kind: "ticket", from, word: ticket };
  }
  const id = ID.exec(before)?.[1];
  return id === undefined ? undefined : { kind: "ticket", from: caret - id.length, word: id };
}

/** Who is meant by the beginning of a name, or of one of its words; those that begin so come first. */
export function offerNames(word: string, names: readonly Named[]): Offer[] {
  const wanted = fold(word);
  const found = names.flatMap(({ name, hint }) => {
    const mention = `@${name.replace(/^@/, "").trim().replaceAll(/\s+/g, "-")}`;
    const known = fold(mention.slice(1));
    const rank = known.startsWith(wanted) ? 0 : known.split(/[-._]/).some((part) => part.startsWith(wanted)) ? 1 : 2;
    return rank === 2 ? [] : [{ rank, offer: { insert: mention, text: name, hint } }];
  });
  return found
    .sort((left, right) => left.rank - right.rank)
    .slice(0, SHOWN)
    .map(({ offer }) => offer);
}

/** Tickets by the beginning of an id, or after `#` by any part of id or title; unfinished ones first. */
export function offerTickets({ word }: Pick<Begun, "word">, isMarked: boolean, tickets: Iterable<Found>): Offer[] {
  const wanted = fold(word);
  const ranks: Found[][] = [[], [], [], []];
  for (const ticket of tickets) {
    const rank = rankOf(ticket, wanted, isMarked);
    if (rank !== undefined) ranks[rank + (ticket.isFinished ? 2 : 0)]?.push(ticket);
  }
  const found = ranks.flat();
  // Who has typed an id whole wants none other.
  if (!isMarked && found.some(({ id }) => fold(id) === wanted)) return [];
  return found.slice(0, SHOWN).map(({ id, title }) => ({ insert: id, text: title === "" ? id : title, hint: id }));
}

function rankOf({ id, title }: Found, wanted: string, isMarked: boolean): 0 | 1 | undefined {
  const known = fold(id);
  if (known.startsWith(wanted)) return 0;
  if (!isMarked) return undefined;
  const end = known.slice(known.lastIndexOf("-") + 1);
  if (end.startsWith(wanted)) return 0;
  return fold(title).includes(wanted) ? 1 : undefined;
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
