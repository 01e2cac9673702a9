import { crc32 } from "node:zlib";
import { AyoError } from "../../error.ts";
import { loadSignatures, type SavedSignatures, saveAdded } from "../../search/similar/savedSignatures.ts";
import {
  addSignatures,
  emptySignatures,
  rowFinder,
  type SignatureRow,
  type Signatures,
} from "../../search/similar/signatures.ts";
import {
  findSimilar,
  isTelling,
  loadWordWeights,
  type Signature,
  sameTitles,
  signatureOf,
  type WordWeights,
} from "../../search/similar/similar.ts";
import { type SimilarPair, similarPairs } from "../../search/similar/similarPairs.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { ownTemplates } from "../../store/open/template.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { searchDir, wordTableFile } from "./places.ts";
import { searchSettings } from "./settings.ts";
import { type TicketTexts, ticketTexts } from "./ticketTexts.ts";

/** A ticket that may be about the same thing. */
export interface SimilarTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: string | null;
  /** From 0 to 1. */
  readonly score: number;
}

/** What a new ticket was compared with. */
export interface Comparison {
  /** Up to three, the likest first. */
  readonly similar: readonly SimilarTicket[];
  /** How many tickets could not be compared in the time that a command has. */
  readonly notCompared: number;
  /** Writes down what the new ticket says, so that later ones are compared with it. */
  remember(ticket: Ticket): void;
}

/** So many candidates are shown. */
const SHOWN = 3;
/** In a store of up to so many tickets each is looked at for whether it changed. */
const SMALL = 1_000;
/** So many that changed are read at once, 3 ms; of more so many each time. */
const AT_ONCE = 32;
const OF_MORE = 8;

/**
 * Up to three tickets like a new one. In a large store those are compared whose signature is known, of its own `create`
 * or by `duplicates`: looking at ten thousand for new ones would take longer than all the rest.
 */
export function findSimilarTickets(store: Store, view: View, title: string, text: string): Comparison {
  const told = toldBy(store);
  const wanted = signatureOf(told.words, title, text);
  const saved = loadSignatures(searchDir(store), told.fingerprint);
  const isSmall = view.tickets.length <= SMALL;
  const { signatures, pending } = isSmall
    ? upToDate(store, view, { told, saved }, (stale) => (stale > AT_ONCE ? OF_MORE : stale))
    : asSaved(view, saved);
  const found = new Map<string, number>();
  for (const { id, score } of signatures.flatMap((some) => findSimilar(some, wanted, Number.POSITIVE_INFINITY)))
    found.set(id, score);
  const named = isSmall ? found : stillSimilar(view, told, wanted, found);
  if (!isTelling(wanted)) for (const id of sameTitles(view.tickets, title)) named.set(id, 1);
  const similar = [...named].flatMap(([id, score]) => {
    const ticket = view.byId.get(id);
    return ticket === undefined ? [] : [similarTicket(view, ticket, score)];
  });
  return {
    similar: similar.sort((left, right) => right.score - left.score).slice(0, SHOWN),
    notCompared: pending,
    remember: ({ id, version }) => {
      const row = { id, version: version.slice(0, VERSION_DIGITS), signature: wanted };
      const dir = searchDir(store);
      // Of a small store some may have been written down just now.
      saveAdded(dir, told.fingerprint, isSmall ? loadSignatures(dir, told.fingerprint) : saved, [row]);
    },
  };
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

/** The signatures of all tickets of a view; those of changed ones are made and saved. */
export function allSignatures(store: Store, view: View): Signatures {
  const told = toldBy(store);
  const saved = loadSignatures(searchDir(store), told.fingerprint);
  const { signatures } = upToDate(store, view, { told, saved }, (stale) => stale);
  return signatures[0] as Signatures;
}

/** Every two of a few tickets that are likely about the same, by what they say now. */
export function similarAmong(store: Store, tickets: readonly Ticket[]): readonly SimilarPair[] {
  const told = toldBy(store);
  const rows = tickets.map((ticket) => rowOf(told, ticket));
  const ids = tickets.map(({ id }) => id);
  return similarPairs(addSignatures(emptySignatures(), rows), ids);
}

/** What tickets are told by. */
interface Told {
  readonly words: WordWeights;
  readonly texts: TicketTexts;
  /** Changes with what a ticket's signature is made from beside the ticket. */
  readonly fingerprint: string;
}

function toldBy(store: Store): Told {
  const words = loadWordWeights(wordTableFile());
  // The packaged templates are not read to make one ticket.
  const fingerprint = `${words.fingerprint} ${crc32(ownTemplates(store).join("\0"))}`;
  return { words, texts: ticketTexts(store), fingerprint };
}

/** Signatures to compare with, in order: a later one of a ticket counts. */
interface Known {
  readonly signatures: readonly Signatures[];
  /** Tickets that have none, or an old one. */
  readonly pending: number;
}

/** Digits of a version that tell it from another one of the same ticket. */
const VERSION_DIGITS = 8;

/** The saved signatures with those of changed tickets, of which `limit` says how many are read; gone ones are left out. */
function upToDate(
  store: Store,
  view: View,
  { told, saved }: { readonly told: Told; readonly saved: SavedSignatures },
  limit: (stale: number) => number,
): Known {
  const before = addSignatures(saved.base, saved.added);
  const find = rowFinder(before);
  const stale = view.tickets.filter(({ id, version }) => {
    const row = find(id);
    return row === undefined || before.versions[row] !== version.slice(0, VERSION_DIGITS);
  });
  // Gone tickets leave rows behind; a row of each active ticket is there, or stale.
  if (before.ids.length + stale.length > view.tickets.length) forgetGone(before, view);
  const read = stale.slice(0, limit(stale.length));
  const rows = read.map((ticket) => rowOf(told, ticket));
  saveAdded(searchDir(store), told.fingerprint, { ...saved, base: before, added: [] }, rows);
  return { signatures: [addSignatures(before, rows)], pending: stale.length - read.length };
}

/** What is saved, as it is. How many are not among it is told by their number: tickets that went may still be. */
function asSaved(view: View, { base, added }: SavedSignatures): Known {
  const ids = new Set(added.map(({ id }) => id));
  return {
    signatures: [base, addSignatures(emptySignatures(), added)],
    pending: Math.max(0, view.tickets.length - base.ids.length - ids.size),
  };
}

/** Of candidates that have changed since they were compared, those that are so still, by what they say now. */
function stillSimilar(
  view: View,
  told: Told,
  wanted: Signature,
  found: ReadonlyMap<string, number>,
): Map<string, number> {
  const named = new Map<string, number>();
  for (const [id] of [...found].sort(([, left], [, right]) => right - left)) {
    const ticket = view.byId.get(id);
    if (ticket === undefined) continue;
    const now = addSignatures(emptySignatures(), [rowOf(told, ticket)]);
    for (const { score } of findSimilar(now, wanted, 1)) named.set(id, score);
    if (named.size === SHOWN) break;
  }
  return named;
}

function rowOf({ words, texts }: Told, ticket: Ticket): SignatureRow {
  const signature = signatureOf(words, ticket.title, texts.of(ticket)?.text ?? "");
  return { id: ticket.id, version: ticket.version.slice(0, VERSION_DIGITS), signature };
}

function forgetGone({ ids }: Signatures, view: View): void {
  for (const [row, id] of ids.entries()) if (!view.byId.has(id)) ids[row] = "";
}

function similarTicket(view: View, { id, title, status }: Ticket, score: number): SimilarTicket {
  return { id, title, status, category: categoryOf(view.board, status) ?? null, score: Math.round(score * 100) / 100 };
}
