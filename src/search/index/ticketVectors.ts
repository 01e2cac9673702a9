import type { Embedder } from "../meaning/embedder.ts";
import { addVectors, loadVectors, rowOf, saveVectors, type Vectors } from "../meaning/vectors.ts";
import type { SearchText } from "../searchText.ts";
import type { Documents } from "./documents.ts";

/** Called now and then while many tickets are read. */
export type Progress = (done: number, total: number) => void;

/** So few are not worth a bar, nor a new file. */
export const FEW = 64;
/** Texts that are embedded in one go. */
const BATCH = 256;

/** The vectors of an index's tickets, by embedder: kept between processes, and made for texts that were never embedded. */
export class TicketVectors {
  readonly #dir: string | undefined;
  readonly #known = new Map<string, Vectors>();
  /** The vectors that were asked for last, with the row of each document, or -1. */
  #rows: { readonly vectors: Vectors; readonly rows: Int32Array; readonly isWhole: boolean } | undefined;

  constructor(dir: string | undefined) {
    this.#dir = dir;
  }

  /** For each number the row among vectors that `of` answered with, or -1. */
  rowsOf(vectors: Vectors, documents: Documents): Int32Array {
    if (this.#rows?.vectors === vectors && this.#rows.rows.length === documents.size) return this.#rows.rows;
    const rows = new Int32Array(documents.size);
    // Both were saved in one order, most often.
    const isWhole = vectors.joined.startsWith(documents.keys);
    for (let number = 0; number < rows.length; number++) {
      rows[number] = isWhole ? number : (rowOf(vectors, documents.keyOf(number), number) ?? -1);
    }
    this.#rows = { vectors, rows, isWhole };
    return rows;
  }

  /** Forgets which rows the numbers had. */
  renumber(): void {
    this.#rows = undefined;
  }

  /** The vectors of all documents that `read` has a text of. */
  async of(
    embedder: Embedder,
    documents: Documents,
    read: (id: string) => Promise<SearchText | undefined>,
    progress?: Progress,
  ): Promise<Vectors | undefined> {
    const name = `${embedder.provider} ${embedder.model}`;
    let vectors = this.#known.get(name) ?? loadVectors(this.#dir, embedder);
    const todo = this.#without(vectors, documents);
    for (let from = 0; from < todo.length; from += BATCH) {
      if (todo.length > FEW) progress?.(from, todo.length);
      vectors = await embed(embedder, vectors, documents, { read, numbers: todo.slice(from, from + BATCH) });
      // An endpoint's answers cost time or money: none is lost when a later batch fails.
      if (embedder.provider !== "builtin") this.#save(embedder, vectors, documents);
    }
    if (todo.length > 0) this.renumber();
    if (vectors !== undefined) this.#known.set(name, vectors);
    if (vectors !== undefined && vectors.unsaved > FEW) this.#save(embedder, vectors, documents);
    return vectors;
  }

  /** Numbers of documents whose texts were never embedded. */
  #without(vectors: Vectors | undefined, documents: Documents): number[] {
    const rows = vectors === undefined ? undefined : this.rowsOf(vectors, documents);
    if (rows !== undefined && this.#rows?.isWhole === true) return [];
    return documents.there().filter((number) => rows === undefined || (rows[number] as number) < 0);
  }

  #save(embedder: Embedder, vectors: Vectors | undefined, documents: Documents): void {
    if (vectors === undefined) return;
    const keys = documents.there().map((number) => documents.keyOf(number));
    saveVectors(this.#dir, embedder, vectors, keys);
  }
}

async function embed(
  embedder: Embedder,
  vectors: Vectors | undefined,
  documents: Documents,
  {
    read,
    numbers,
  }: { readonly read: (id: string) => Promise<SearchText | undefined>; readonly numbers: readonly number[] },
): Promise<Vectors | undefined> {
  // Two tickets may say the same.
  const batch = new Map<string, readonly string[]>();
  for (const number of numbers) {
    const key = documents.keyOf(number);
    const text = batch.has(key) ? undefined : await read(documents.idOf(number));
    if (text !== undefined) batch.set(key, embedder.texts(text));
  }
  const flat = await embedder.embed([...batch.values()].flat());
  let at = 0;
  const made = [...batch.values()].map(({ length }) => {
    at += length;
    return flat.slice(at - length, at);
  });
  return addVectors(vectors, [...batch.keys()], made);
}
