import { createHash } from "node:crypto";
import { type Corpus, corpusOf } from "../keyword/corpus.ts";
import { FIELDS, stemsOf } from "../keyword/keyword.ts";
import { emptyPostings, formatPostings, mergePostings, type Postings, parsePostings } from "../keyword/postings.ts";
import type { Embedder } from "../meaning/embedder.ts";
import { addVectors, loadVectors, rowOf, saveVectors, type Vectors } from "../meaning/vectors.ts";
import type { SearchText } from "../searchText.ts";
import { type Documents, keyAt, noDocuments, readIndex, short, WIDTH, writeIndex } from "./documents.ts";

/** A ticket as search is handed it; its text is read only when it changed since it was indexed. */
export interface Source {
  readonly id: string;
  /** Changes whenever the text does; "" when that is not known. */
  readonly version: string;
  readonly archived: boolean;
  /** The text, or undefined when the ticket is gone by now. */
  load(): Promise<SearchText | undefined>;
}

/** Called now and then while many tickets are read. */
export type Progress = (done: number, total: number) => void;

/** With no more changed tickets than this, indexing them again costs less than writing the index. */
const FEW = 64;
/** Tickets that are indexed in one go: more would need memory that grows with the store. */
const CHUNK = 1500;
/** Texts of so many characters are kept until they are embedded; others are read again. */
const KEPT = 32 * 1024 * 1024;
/** Texts that are embedded in one go. */
const BATCH = 256;

/**
 * The tickets of a store, ready to be searched: kept in a directory of caches between processes and brought up to date
 * by what changed. A missing or damaged cache is made anew; two processes that do so at once leave one of the two.
 * Tickets have numbers, which hold until the next update; one that is indexed again gets another.
 */
export class SearchIndex {
  readonly #dir: string | undefined;
  #documents: Documents;
  readonly #numbers: Map<string, number>;
  /** Numbers of documents that are gone or have another number now. */
  #gone = new Set<number>();
  /** The bytes of the saved index, until somebody needs it. */
  #body: Buffer | undefined;
  #postings: Postings | undefined;
  /** What is not in those postings yet: the stems of the documents with the highest numbers. */
  #fresh: string[][][] = [];
  #corpus: Corpus | undefined;
  /** The texts read by the last update: they need not be read again to be embedded. */
  readonly #texts = new Map<string, SearchText>();
  /** Of how many characters more the texts are kept. */
  #unread = 0;
  readonly #vectors = new Map<string, Vectors>();
  /** The vectors that were asked for last, with the row of each document, or -1. */
  #rows: { readonly vectors: Vectors; readonly rows: Int32Array; readonly isWhole: boolean } | undefined;
  #sources: readonly Source[] = [];

  /** Reads which tickets are indexed in `dir`; without a directory nothing is kept. */
  constructor(dir: string | undefined) {
    const { documents, body } = readIndex(dir);
    this.#dir = dir;
    this.#documents = documents;
    this.#numbers = numbered(documents.ids);
    this.#body = body;
  }

  /** Reads what changed. Without `archive`, archived tickets that are not among the sources stay as they are. */
  async update(
    sources: readonly Source[],
    { archive, progress }: { readonly archive: boolean; readonly progress?: Progress | undefined },
  ): Promise<void> {
    this.#texts.clear();
    this.#unread = KEPT;
    this.#sources = sources;
    const isFirst = this.#documents.ids.length === 0;
    const changed = this.#compare(sources, archive);
    const report = changed.length > FEW ? progress : undefined;
    for (const [done, source] of changed.entries()) {
      if (done % 100 === 0) report?.(done, changed.length);
      if (this.#fresh.length >= CHUNK) this.#merge();
      this.#put(source, await source.load());
    }
    report?.(changed.length, changed.length);
    const isMuch = this.#fresh.length > FEW || this.#gone.size > FEW || changed.length > CHUNK;
    if (isMuch || (isFirst && changed.length > 0)) this.#save();
  }

  /** Forgets what is not among the sources, and answers which of them are to be read. */
  #compare(sources: readonly Source[], archive: boolean): Source[] {
    const { ids, versions, archived } = this.#documents;
    const seen = new Uint8Array(ids.length);
    const changed: Source[] = [];
    for (const source of sources) {
      const { version } = source;
      const number = this.#numbers.get(source.id);
      if (number !== undefined) seen[number] = 1;
      const isSame = number !== undefined && version !== "" && versions.startsWith(short(version), number * WIDTH);
      if (!isSame) changed.push(source);
    }
    for (let number = 0; number < seen.length; number++) {
      if (seen[number] === 1 || this.#gone.has(number) || (!archive && archived.has(number))) continue;
      this.#remove(ids[number] as string);
    }
    return changed;
  }

  /** What keywords are looked for in: the saved index, and what changed since. */
  corpus(): Corpus {
    if (this.#corpus !== undefined) return this.#corpus;
    const postings = this.#loaded();
    const start = this.#documents.ids.length - this.#fresh.length;
    const gone = new Uint8Array(this.size);
    for (const number of this.#gone) gone[number] = 1;
    const segments = [{ postings, gone: gone.subarray(0, start) }];
    if (this.#fresh.length > 0) {
      const fresh = mergePostings(emptyPostings(), () => true, this.#fresh, FIELDS.length);
      segments.push({ postings: fresh, gone: gone.subarray(start) });
    }
    this.#corpus = corpusOf(segments, FIELDS.length);
    return this.#corpus;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.#documents.ids.length;
  }

  /** The number of a ticket; undefined for one that is not indexed. */
  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** The ticket of a number. */
  idOf(number: number): string {
    return this.#documents.ids[number] as string;
  }

  /** For each number the row among vectors that `vectors` answered with, or -1. */
  rowsOf(vectors: Vectors): Int32Array {
    if (this.#rows?.vectors === vectors && this.#rows.rows.length === this.size) return this.#rows.rows;
    const rows = new Int32Array(this.size);
    // Both were saved in one order, most often.
    const isSame = vectors.joined.startsWith(this.#documents.keys);
    for (let number = 0; number < rows.length; number++) {
      rows[number] = isSame ? number : (rowOf(vectors, keyAt(this.#documents, number), number) ?? -1);
    }
    this.#rows = { vectors, rows, isWhole: isSame };
    return rows;
  }

  /** The vectors of all tickets; only texts that were never embedded are. */
  async vectors(embedder: Embedder, progress?: Progress): Promise<Vectors | undefined> {
    const name = `${embedder.provider} ${embedder.model}`;
    let vectors = this.#vectors.get(name) ?? loadVectors(this.#dir, embedder);
    const todo = this.#withoutVectors(vectors);
    for (let from = 0; from < todo.length; from += BATCH) {
      if (todo.length > FEW) progress?.(from, todo.length);
      vectors = await this.#embed(embedder, vectors, todo.slice(from, from + BATCH));
      // An endpoint's answers cost time or money: none is lost when a later batch fails.
      if (embedder.provider !== "builtin") this.#saveVectors(embedder, vectors);
    }
    if (todo.length > 0) this.#rows = undefined;
    this.#texts.clear();
    if (vectors !== undefined) this.#vectors.set(name, vectors);
    if (vectors !== undefined && vectors.unsaved > FEW) this.#saveVectors(embedder, vectors);
    return vectors;
  }

  /** Sources whose texts were never embedded. */
  #withoutVectors(vectors: Vectors | undefined): Source[] {
    const rows = vectors === undefined ? undefined : this.rowsOf(vectors);
    if (rows !== undefined && this.#rows?.isWhole === true) return [];
    if (rows?.every((row, number) => row >= 0 || this.#gone.has(number)) === true) return [];
    return this.#sources.filter(({ id }) => {
      const number = this.#numbers.get(id);
      return number !== undefined && (rows === undefined || (rows[number] as number) < 0);
    });
  }

  async #embed(
    embedder: Embedder,
    vectors: Vectors | undefined,
    sources: readonly Source[],
  ): Promise<Vectors | undefined> {
    const batch: { readonly key: string; readonly texts: readonly string[] }[] = [];
    for (const source of sources) {
      const text = this.#texts.get(source.id) ?? (await source.load());
      const key = keyAt(this.#documents, this.#numbers.get(source.id) as number);
      if (text !== undefined) batch.push({ key, texts: embedder.texts(text) });
    }
    const flat = await embedder.embed(batch.flatMap(({ texts }) => texts));
    let at = 0;
    const made = batch.map(({ texts }) => {
      at += texts.length;
      return flat.slice(at - texts.length, at);
    });
    return addVectors(
      vectors,
      batch.map(({ key }) => key),
      made,
    );
  }

  #put({ id, version, archived }: Source, text: SearchText | undefined): void {
    this.#remove(id);
    if (text === undefined) return;
    const number = this.#documents.ids.push(id) - 1;
    this.#documents.versions += short(version);
    this.#documents.keys += keyOf(text);
    if (archived) this.#documents.archived.add(number);
    this.#numbers.set(id, number);
    this.#fresh.push(stemsOf(text));
    this.#unread -= text.text.length;
    if (this.#unread > 0) this.#texts.set(id, text);
    this.#corpus = undefined;
  }

  #remove(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#numbers.delete(id);
    this.#gone.add(number);
    this.#corpus = undefined;
  }

  #loaded(): Postings {
    this.#postings ??= this.#body === undefined ? emptyPostings() : parsePostings(this.#body);
    this.#body = undefined;
    return this.#postings;
  }

  /** Puts what changed into the postings, and gives the documents new numbers. */
  #merge(): void {
    const before = this.#documents;
    const start = before.ids.length - this.#fresh.length;
    const isThere = (number: number): boolean => !this.#gone.has(number);
    const fresh = this.#fresh.filter((_, at) => isThere(start + at));
    this.#postings = mergePostings(this.#loaded(), isThere, fresh, FIELDS.length);
    const after = noDocuments();
    for (const [number, id] of before.ids.entries()) {
      if (!isThere(number)) continue;
      const now = after.ids.push(id) - 1;
      after.versions += before.versions.slice(number * WIDTH, (number + 1) * WIDTH);
      after.keys += keyAt(before, number);
      if (before.archived.has(number)) after.archived.add(now);
      this.#numbers.set(id, now);
    }
    this.#documents = after;
    this.#gone = new Set();
    this.#fresh = [];
    this.#corpus = undefined;
    this.#rows = undefined;
  }

  #save(): void {
    this.#merge();
    if (this.#dir !== undefined) writeIndex(this.#dir, this.#documents, formatPostings(this.#loaded()));
  }

  #saveVectors(embedder: Embedder, vectors: Vectors | undefined): void {
    if (vectors === undefined) return;
    const there = this.#documents.ids.flatMap((_, number) => (this.#gone.has(number) ? [] : number));
    const keys = there.map((number) => keyAt(this.#documents, number));
    saveVectors(this.#dir, embedder, vectors, keys);
  }
}

function numbered(ids: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (let number = 0; number < ids.length; number++) numbers.set(ids[number] as string, number);
  return numbers;
}

/** What a text's vectors are kept under. */
function keyOf({ title, tags, text }: SearchText): string {
  return createHash("sha1").update(`${title}\0${tags}\0${text}`).digest("hex").slice(0, WIDTH);
}
