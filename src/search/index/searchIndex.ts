import { createHash } from "node:crypto";
import { type Corpus, corpusOf } from "../keyword/corpus.ts";
import { FIELDS, stemsOf } from "../keyword/keyword.ts";
import { emptyPostings, mergePostings, type Postings } from "../keyword/postings.ts";
import type { Embedder } from "../meaning/embedder.ts";
import type { Vectors } from "../meaning/vectors.ts";
import type { SearchText } from "../searchText.ts";
import { type Documents, inOrder, short, type VersionReader, WIDTH } from "./documents.ts";
import { readIndex, writeIndex } from "./indexFile.ts";
import { FEW, type Progress, TicketVectors } from "./ticketVectors.ts";

/** A ticket, by its id. */
export interface Identified {
  readonly id: string;
}

/** What search asks of tickets; their texts are read only when they changed since they were indexed. */
export interface Reader<T> extends VersionReader<T> {
  /** Changes whenever the text does; "" when that is not known. */
  version(ticket: T): string;
  isArchived(ticket: T): boolean;
  /** The text, or undefined when the ticket is gone by now. */
  load(ticket: T): Promise<SearchText | undefined>;
}

/** Tickets that are indexed in one go: more would need memory that grows with the store. */
const CHUNK = 1500;
/** Texts of so many characters are kept until they are embedded; others are read again. */
const KEPT = 32 * 1024 * 1024;

/**
 * The tickets of a store, ready to be searched: kept in a directory of caches between processes and brought up to date
 * by what changed. A missing or damaged cache is made anew; two processes that do so at once leave one of the two.
 * Tickets have numbers, which hold until the next update; one that is indexed again gets another.
 */
export class SearchIndex<T extends Identified = Identified> {
  readonly #dir: string | undefined;
  readonly #way: string;
  #documents: Documents;
  #postings: Postings;
  /** What is not in those postings yet: the stems of the documents with the highest numbers. */
  #fresh: string[][][] = [];
  #corpus: Corpus | undefined;
  /** The texts read by the last update: they need not be read again to be embedded. */
  readonly #texts = new Map<string, SearchText>();
  /** Of how many characters more the texts are kept. */
  #unread = 0;
  readonly #vectors: TicketVectors;
  /** Where the numbers' tickets were found last, as long as no number changes. */
  #places: { readonly tickets: readonly Identified[]; readonly places: Int32Array } | undefined;
  #read: (id: string) => Promise<SearchText | undefined> = async () => undefined;

  /**
   * Reads which tickets are indexed in `dir`; without a directory nothing is kept. `way` names how texts are
   * read, so that those of another way are read again.
   */
  constructor(dir: string | undefined, way = "") {
    const { documents, postings } = readIndex(dir, FIELDS.length, way);
    this.#dir = dir;
    this.#way = way;
    this.#documents = documents;
    this.#postings = postings;
    this.#vectors = new TicketVectors(dir);
  }

  /** Reads what changed. Without `archive`, archived tickets that are not among those given stay as they are. */
  async update(
    tickets: readonly T[],
    reader: Reader<T>,
    { archive, progress }: { readonly archive: boolean; readonly progress?: Progress | undefined },
  ): Promise<void> {
    this.#texts.clear();
    this.#unread = KEPT;
    this.#read = this.#reading(tickets, reader);
    const isFirst = this.size === 0;
    const changed = this.#compare(tickets, reader, archive);
    const report = changed.length > FEW ? progress : undefined;
    for (const [done, ticket] of changed.entries()) {
      if (done % 100 === 0) report?.(done, changed.length);
      if (this.#fresh.length >= CHUNK) this.#merge();
      this.#put(ticket, reader, await reader.load(ticket));
    }
    report?.(changed.length, changed.length);
    // With fewer changed tickets indexing them again costs less than writing the index.
    const isMuch = this.#fresh.length > FEW || this.#documents.gone.size > FEW || changed.length > CHUNK;
    if (isMuch || (isFirst && changed.length > 0)) this.#save();
  }

  /** Reads the text of a ticket that is not among the texts read by the update. */
  #reading(tickets: readonly T[], reader: Reader<T>): (id: string) => Promise<SearchText | undefined> {
    let byId: Map<string, T> | undefined;
    return async (id) => {
      const known = this.#texts.get(id);
      if (known !== undefined) return known;
      byId ??= new Map(tickets.map((ticket) => [ticket.id, ticket]));
      const ticket = byId.get(id);
      return ticket === undefined ? undefined : reader.load(ticket);
    };
  }

  /** Forgets what is not among the tickets, and answers which of them are to be read. */
  #compare(tickets: readonly T[], reader: Reader<T>, archive: boolean): T[] {
    const documents = this.#documents;
    const places = new Int32Array(documents.size);
    const find = inOrder(documents);
    const changed: T[] = [];
    for (let at = 0; at < tickets.length; at++) {
      const ticket = tickets[at] as T;
      const number = find(ticket.id);
      if (number !== undefined) places[number] = at + 1;
      const isSame = number !== undefined && documents.isFrom(number, reader, ticket);
      if (!isSame) changed.push(ticket);
    }
    for (let number = places.indexOf(0); number >= 0; number = places.indexOf(0, number + 1)) {
      if (documents.gone.has(number) || (!archive && documents.isArchived(number))) continue;
      this.#remove(number);
    }
    this.#places = { tickets, places };
    return changed;
  }

  /** What keywords are looked for in: the saved index, and what changed since. */
  corpus(): Corpus {
    if (this.#corpus !== undefined) return this.#corpus;
    const start = this.size - this.#fresh.length;
    const gone = [...this.#documents.gone];
    const segments = [{ postings: this.#postings, gone: new Set(gone.filter((number) => number < start)) }];
    if (this.#fresh.length > 0) {
      const postings = mergePostings(emptyPostings(FIELDS.length), () => true, this.#fresh);
      const own = gone.filter((number) => number >= start).map((number) => number - start);
      segments.push({ postings, gone: new Set(own) });
    }
    this.#corpus = corpusOf(segments);
    return this.#corpus;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.#documents.size;
  }

  /** For each number the place of its ticket among `tickets`, counted from 1; 0 where it is none of them. */
  placesIn(tickets: readonly Identified[]): Int32Array {
    if (this.#places?.tickets === tickets) return this.#places.places;
    const places = new Int32Array(this.size);
    const find = inOrder(this.#documents);
    for (let at = 0; at < tickets.length; at++) {
      const number = find((tickets[at] as Identified).id);
      if (number !== undefined) places[number] = at + 1;
    }
    this.#places = { tickets, places };
    return places;
  }

  /** The ticket of a number. */
  idOf(number: number): string {
    return this.#documents.idOf(number);
  }

  /** For each number the row among vectors that `vectors` answered with, or -1. */
  rowsOf(vectors: Vectors): Int32Array {
    return this.#vectors.rowsOf(vectors, this.#documents);
  }

  /** The vectors of all tickets; only texts that were never embedded are. */
  async vectors(embedder: Embedder, progress?: Progress): Promise<Vectors | undefined> {
    const vectors = await this.#vectors.of(embedder, this.#documents, this.#read, progress);
    this.#texts.clear();
    return vectors;
  }

  #put(ticket: T, reader: Reader<T>, text: SearchText | undefined): void {
    const { id } = ticket;
    const before = this.#documents.find(id);
    if (before !== undefined) this.#remove(before);
    if (text === undefined) return;
    const version = short(reader.version(ticket));
    this.#documents.add({ id, version, key: keyOf(text), archived: reader.isArchived(ticket) });
    this.#fresh.push(stemsOf(text));
    this.#unread -= text.text.length;
    if (this.#unread > 0) this.#texts.set(id, text);
    this.#corpus = undefined;
    this.#places = undefined;
  }

  #remove(number: number): void {
    this.#documents.remove(number);
    this.#corpus = undefined;
    this.#places = undefined;
  }

  /** Puts what changed into the postings, and gives the documents new numbers. */
  #merge(): void {
    const { gone } = this.#documents;
    const start = this.size - this.#fresh.length;
    const fresh = this.#fresh.filter((_, at) => !gone.has(start + at));
    this.#postings = mergePostings(this.#postings, (number) => !gone.has(number), fresh);
    this.#documents = this.#documents.compact();
    this.#fresh = [];
    this.#corpus = undefined;
    this.#places = undefined;
    this.#vectors.renumber();
  }

  #save(): void {
    this.#merge();
    if (this.#dir === undefined) return;
    writeIndex(this.#dir, this.#way, { documents: this.#documents, postings: this.#postings });
  }
}

/** What a text's vectors are kept under. */
function keyOf({ title, tags, text }: SearchText): string {
  return createHash("sha1").update(`${title}\0${tags}\0${text}`).digest("hex").slice(0, WIDTH);
}
