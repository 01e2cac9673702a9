import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import type { Embedder } from "./embedder.ts";
import { FIELDS, type KeywordSource, loadKeywordIndex, stemsOf } from "./keyword.ts";
import { emptyPostings, formatPostings, mergePostings, type Postings, parsePostings, plainIndex } from "./postings.ts";
import { replaceFile } from "./replaceFile.ts";
import type { SearchText } from "./searchText.ts";
import { addVectors, loadVectors, saveVectors, type Vectors } from "./vectors.ts";

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

interface Header {
  readonly version: number;
  /** Of the bytes after this line. */
  readonly checksum: number;
  readonly documents: readonly Row[];
}

/** `key`: the hash of what is embedded of a ticket. */
type Row = readonly [id: string, version: string, key: string, archived?: 1];

const FILE = "keyword.bin";
/** Raised when tokens, stems or fields change: what was indexed before is then indexed anew. */
const VERSION = 1;
/** With no more changed tickets than this, indexing them again costs less than writing the index. */
const FEW = 64;
/** Tickets that are indexed in one go: more would need memory that grows with the store. */
const CHUNK = 1500;
/** Texts that are embedded in one go. */
const BATCH = 256;

/**
 * The tickets of a store, ready to be searched: kept in a directory of caches between processes and brought up to date
 * by what changed. A missing or damaged cache is made anew; two processes that do so at once leave one of the two.
 */
export class SearchIndex {
  readonly #dir: string | undefined;
  readonly #rows: Map<string, Row>;
  /** The ids of the saved index's documents, in the order of their numbers. */
  #documents: readonly string[];
  /** The bytes of the saved index, until somebody needs it. */
  #body: Buffer | undefined;
  #postings: Postings | undefined;
  /** What changed since the index was saved; null: gone. */
  readonly #changes = new Map<string, SearchText | null>();
  /** The texts read by the last update: they need not be read again to be embedded. */
  readonly #texts = new Map<string, SearchText>();
  readonly #vectors = new Map<string, Vectors>();
  #sources: ReadonlyMap<string, Source> = new Map();

  /** Reads which tickets are indexed in `dir`; without a directory nothing is kept. */
  constructor(dir: string | undefined) {
    const { rows, body } = readSaved(dir);
    this.#dir = dir;
    this.#rows = rows;
    this.#documents = [...rows.keys()];
    this.#body = body;
  }

  /** Reads what changed. Without `archive`, archived tickets that are not among the sources stay as they are. */
  async update(
    sources: readonly Source[],
    { archive, progress }: { readonly archive: boolean; readonly progress?: Progress | undefined },
  ): Promise<void> {
    this.#texts.clear();
    this.#sources = new Map(sources.map((source) => [source.id, source]));
    const changed = sources.filter(({ id, version }) => version === "" || this.#rows.get(id)?.[1] !== short(version));
    const report = changed.length > FEW ? progress : undefined;
    for (const [done, source] of changed.entries()) {
      if (done % 100 === 0) report?.(done, changed.length);
      if (this.#changes.size >= CHUNK) this.#merge();
      this.#put(source, await source.load());
    }
    report?.(changed.length, changed.length);
    const gone = [...this.#rows.values()].filter((row) => !this.#sources.has(row[0]) && (archive || row[3] !== 1));
    for (const [id] of gone) this.#remove(id);
    const isFirst = this.#documents.length === 0;
    if (this.#changes.size > FEW || changed.length > CHUNK || (isFirst && this.#changes.size > 0)) this.#save();
  }

  /** What keywords are looked for in: the saved index, and what changed since. */
  keyword(): KeywordSource {
    const postings = this.#loaded();
    const changed = [...this.#changes.values()].filter((text) => text !== null);
    return {
      terms: postings.terms,
      fresh: new Set(changed.flatMap((text) => stemsOf(text).flat())),
      open: (terms) => {
        const idOf = (document: number): string | undefined => {
          const id = this.#documents[document] as string;
          return this.#changes.has(id) ? undefined : id;
        };
        const index = loadKeywordIndex(plainIndex(postings, terms, idOf, FIELDS));
        index.addAll(changed);
        return index;
      },
    };
  }

  /** The row of a ticket among the vectors, or undefined where it has none. */
  rowOf(vectors: Vectors, id: string): number | undefined {
    return vectors.rows.get(this.#rows.get(id)?.[2] ?? "");
  }

  /** The vectors of all tickets; only texts that were never embedded are. */
  async vectors(embedder: Embedder, progress?: Progress): Promise<Vectors | undefined> {
    const name = `${embedder.provider} ${embedder.model}`;
    let vectors = this.#vectors.get(name) ?? loadVectors(this.#dir, embedder);
    const todo = [...this.#rows.values()].filter(([id, , key]) => !vectors?.rows.has(key) && this.#sources.has(id));
    for (let from = 0; from < todo.length; from += BATCH) {
      if (todo.length > FEW) progress?.(from, todo.length);
      vectors = await this.#embed(embedder, vectors, todo.slice(from, from + BATCH));
      // An endpoint's answers cost time or money: none is lost when a later batch fails.
      if (embedder.provider !== "builtin") this.#saveVectors(embedder, vectors);
    }
    this.#texts.clear();
    if (vectors !== undefined) this.#vectors.set(name, vectors);
    if (vectors !== undefined && vectors.unsaved > FEW) this.#saveVectors(embedder, vectors);
    return vectors;
  }

  async #embed(embedder: Embedder, vectors: Vectors | undefined, rows: readonly Row[]): Promise<Vectors | undefined> {
    const batch: { readonly key: string; readonly texts: readonly string[] }[] = [];
    for (const [id, , key] of rows) {
      const text = this.#texts.get(id) ?? (await this.#sources.get(id)?.load());
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

  #put(source: Source, text: SearchText | undefined): void {
    if (text === undefined) {
      this.#remove(source.id);
      return;
    }
    const row = [source.id, short(source.version), keyOf(text)] as const;
    this.#rows.set(source.id, source.archived ? [...row, 1] : row);
    this.#changes.set(source.id, text);
    this.#texts.set(source.id, text);
  }

  #remove(id: string): void {
    if (this.#rows.delete(id)) this.#changes.set(id, null);
  }

  #loaded(): Postings {
    this.#postings ??= this.#body === undefined ? emptyPostings() : parsePostings(this.#body);
    this.#body = undefined;
    return this.#postings;
  }

  /** Puts what changed into the index. */
  #merge(): void {
    const texts = [...this.#changes.values()].filter((text) => text !== null);
    const keep = (document: number): boolean => !this.#changes.has(this.#documents[document] as string);
    this.#postings = mergePostings(this.#loaded(), keep, texts.map(stemsOf), FIELDS.length);
    this.#documents = [...this.#documents.filter((id) => !this.#changes.has(id)), ...texts.map(({ id }) => id)];
    this.#changes.clear();
  }

  #save(): void {
    this.#merge();
    if (this.#dir === undefined) return;
    const body = Buffer.concat(formatPostings(this.#loaded()));
    const documents = this.#documents.map((id) => this.#rows.get(id) as Row);
    const header: Header = { version: VERSION, checksum: crc32(body), documents };
    replaceFile(path.join(this.#dir, FILE), [Buffer.from(`${JSON.stringify(header)}\n`), body]);
  }

  #saveVectors(embedder: Embedder, vectors: Vectors | undefined): void {
    if (vectors === undefined) return;
    const keys = [...this.#rows.values()].map(([, , key]) => key);
    saveVectors(this.#dir, embedder, vectors, keys);
  }
}

function readSaved(dir: string | undefined): { readonly rows: Map<string, Row>; readonly body: Buffer | undefined } {
  const none = { rows: new Map<string, Row>(), body: undefined };
  if (dir === undefined) return none;
  try {
    const bytes = readFileSync(path.join(dir, FILE));
    const start = bytes.indexOf(10) + 1;
    const header = JSON.parse(bytes.toString("utf8", 0, start)) as Header;
    const body = bytes.subarray(start);
    if (header.version !== VERSION || header.checksum !== crc32(body)) return none;
    return { rows: new Map(header.documents.map((row) => [row[0], row])), body };
  } catch {
    return none;
  }
}

/** What a text's vectors are kept under. */
function keyOf({ title, tags, text }: SearchText): string {
  return createHash("sha1").update(`${title}\0${tags}\0${text}`).digest("hex").slice(0, 16);
}

function short(version: string): string {
  return version.slice(0, 16);
}
