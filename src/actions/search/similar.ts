import { AyoError } from "../../error.ts";
import { searchText } from "../../search/searchText.ts";
import {
  addSignatures,
  loadSignatures,
  rowFinder,
  type Signatures,
  saveSignatures,
} from "../../search/similar/signatures.ts";
import {
  findSimilar,
  isTelling,
  loadWordWeights,
  sameTitles,
  signatureOf,
  type WordWeights,
} from "../../search/similar/similar.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { readText, searchDir, wordTableFile } from "./session.ts";
import { searchSettings } from "./settings.ts";

/** A ticket that may be about the same thing. */
export interface SimilarTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: string | null;
  /** From 0 to 1. */
  readonly score: number;
}

/** The signatures of a store's tickets, as far as they are known. */
export interface Known {
  readonly words: WordWeights;
  readonly signatures: Signatures;
  /** Active tickets without a signature. */
  readonly pending: number;
}

/** So many candidates are shown. */
const SHOWN = 3;
/** Tickets that one `create` reads at most: about 3 ms. */
const AT_ONCE = 32;
/** Fewer new signatures are made again next time rather than saved: writing the file costs as much. */
const WORTH_SAVING = 16;

/** Up to three tickets like a new one, and how many could not be compared in the time that a command has. */
export async function findSimilarTickets(
  store: Store,
  view: View,
  title: string,
  text: string,
): Promise<{ readonly similar: readonly SimilarTicket[]; readonly notCompared: number }> {
  const { words, signatures, pending } = await knownSignatures(store, view, AT_ONCE);
  const wanted = signatureOf(words, title, text);
  const found = new Map(findSimilar(signatures, wanted, SHOWN).map(({ id, score }) => [id, score]));
  if (!isTelling(wanted)) for (const id of sameTitles(view.tickets, title)) found.set(id, 1);
  const similar = [...found].flatMap(([id, score]) => {
    const ticket = view.byId.get(id);
    return ticket === undefined ? [] : [similarTicket(view, ticket, score)];
  });
  return { similar: similar.sort((left, right) => right.score - left.score).slice(0, SHOWN), notCompared: pending };
}

/**
 * Refuses a ticket that is probably there already, where the caller or the store wants that.
 * @throws duplicate with the candidates
 */
export function refuseDuplicate(
  store: Store,
  view: View,
  { unique, as }: { readonly unique?: boolean | undefined; readonly as?: string | undefined },
  similar: readonly SimilarTicket[],
): void {
  const open = similar.filter(({ status }) => !isFinished(view.board, status));
  const [first] = open;
  if (first === undefined) return;
  const refuse = unique ?? (searchSettings(view.config).refuse && actorOf(as, store).agent);
  if (!refuse) return;
  const names = open.map(({ id, title }) => `${id}: ${title}`).join("; ");
  throw new AyoError("duplicate", `there is a similar ticket already: ${names}`, {
    try: ["ayo", "ticket", "show", first.id],
    data: { similar: open },
  });
}

/** The saved signatures with those of changed tickets, up to `limit` of which are read; gone tickets are left out. */
export async function knownSignatures(store: Store, view: View, limit: number): Promise<Known> {
  const dir = searchDir(store);
  const words = loadWordWeights(wordTableFile());
  const saved = loadSignatures(dir, words.fingerprint);
  const find = rowFinder(saved);
  const stale = view.tickets.filter(({ id, version }) => {
    const row = find(id);
    return row === undefined || saved.versions[row] !== version.slice(0, 8);
  });
  // Gone tickets leave rows behind; a row of each active ticket is there, or stale.
  if (saved.ids.length + stale.length > view.tickets.length) forgetGone(saved, view);
  const read = stale.slice(0, limit);
  const added = read.map((ticket) => ({
    id: ticket.id,
    version: ticket.version.slice(0, 8),
    signature: signatureOf(words, ticket.title, searchText(ticket, readText(store, ticket) ?? "").text),
  }));
  const signatures = addSignatures(saved, added);
  if (added.length >= WORTH_SAVING) saveSignatures(dir, words.fingerprint, signatures);
  return { words, signatures, pending: stale.length - read.length };
}

function forgetGone({ ids }: Signatures, view: View): void {
  for (const [row, id] of ids.entries()) if (!view.byId.has(id)) ids[row] = "";
}

function similarTicket(view: View, { id, title, status }: Ticket, score: number): SimilarTicket {
  return { id, title, status, category: categoryOf(view.board, status) ?? null, score: Math.round(score * 100) / 100 };
}
