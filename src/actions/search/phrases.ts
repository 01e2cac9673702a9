import { ticketsWithAll } from "../../search/keyword.ts";
import type { SearchIndex } from "../../search/searchIndex.ts";
import { fold } from "../../search/tokens.ts";
import type { Store } from "../../store/store.ts";
import type { ParsedQuery } from "../../ticket/query.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { readText } from "./session.ts";

/** The candidates that have every quoted phrase as it is, whatever its case and blanks, and nothing after a minus. */
export function matchesPhrases(
  store: Store,
  index: SearchIndex,
  candidates: ReadonlyMap<string, Ticket>,
  { phrases, excluded }: ParsedQuery,
): ReadonlyMap<string, Ticket> {
  if (phrases.length === 0 && excluded.length === 0) return candidates;
  const wanted = phrases.map(plainText);
  const unwanted = excluded.map(plainText);
  // The files are read only of tickets that have the words at all.
  const mayMatch = wanted.flatMap((phrase) => ticketsWithAll(index.keyword(), phrase) ?? []);
  const suspects = unwanted.map((phrase) => ticketsWithAll(index.keyword(), phrase));
  const found = new Map<string, Ticket>();
  for (const [id, ticket] of candidates) {
    if (mayMatch.some((ids) => !ids.has(id))) continue;
    const isSuspect = suspects.some((ids) => ids === undefined || ids.has(id));
    if (wanted.length === 0 && !isSuspect) {
      found.set(id, ticket);
      continue;
    }
    const text = plainText(`${id} ${(ticket.fields.tags ?? []).join(" ")} ${readText(store, ticket) ?? ticket.title}`);
    if (wanted.every((phrase) => text.includes(phrase)) && !unwanted.some((phrase) => hasWord(text, phrase))) {
      found.set(id, ticket);
    }
  }
  return found;
}

function plainText(text: string): string {
  return fold(text).replaceAll(/\s+/g, " ");
}

function hasWord(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + phrase.length] ?? " ";
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
