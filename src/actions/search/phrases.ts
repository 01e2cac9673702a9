import type { SearchIndex } from "../../search/index/searchIndex.ts";
import { documentsWithAll } from "../../search/keyword/keyword.ts";
import { fold } from "../../search/words/tokens.ts";
import type { ParsedQuery } from "../../ticket/filter/query.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { TicketTexts } from "./ticketTexts.ts";

/** The candidates that have every quoted phrase as it is, whatever its case and blanks, and nothing after a minus. */
export function matchesPhrases(
  index: SearchIndex,
  candidates: readonly Ticket[],
  { phrases, excluded }: ParsedQuery,
  { texts, notes }: { readonly texts: TicketTexts; readonly notes: boolean },
): readonly Ticket[] {
  if (phrases.length === 0 && excluded.length === 0) return candidates;
  const wanted = phrases.map(plainText);
  const unwanted = excluded.map(plainText);
  // The files are read only of tickets that have the words at all.
  const mayMatch = wanted.map((phrase) => havingAll(index, phrase));
  const suspects = unwanted.map((phrase) => havingAll(index, phrase));
  return candidates.filter((ticket) => {
    if (mayMatch.some((has) => !has(ticket.id))) return false;
    if (wanted.length === 0 && !suspects.some((has) => has(ticket.id))) return true;
    const read = texts.of(ticket);
    if (read === undefined) return false;
    const text = plainText([ticket.id, read.tags, ticket.title, read.text, notes ? read.notes : ""].join("\n"));
    return wanted.every((phrase) => text.includes(phrase)) && !unwanted.some((phrase) => hasWord(text, phrase));
  });
}

/** Whether a ticket has all words of a phrase; any may where it has no words to look for. */
function havingAll(index: SearchIndex, phrase: string): (id: string) => boolean {
  const found = documentsWithAll(index.corpus(), phrase);
  if (found === undefined) return () => true;
  const ids = new Set(Array.from(found, (number) => index.idOf(number)));
  return (id) => ids.has(id);
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
