import { joinTexts, type Texts } from "../texts.ts";

/** What is known of an indexed ticket beside its words. */
export interface Document {
  readonly id: string;
  /** What it was made from: see {@link short}. */
  readonly version: string;
  /** What its vectors are kept under, of the same length. */
  readonly key: string;
  readonly archived: boolean;
}

/** Documents as they are saved: each an id and so many characters of the others. */
export interface SavedDocuments {
  readonly ids: Texts;
  /** Joined: ten thousand texts cost more than all else here. */
  readonly versions: string;
  readonly keys: string;
  /** 1 for those in the archive. */
  readonly archived: Uint8Array;
}

/** What tells the versions of tickets. */
export interface VersionReader<T> {
  /** Whether a version begins with the characters of `text` from `at` on, as {@link short} left them; never when not known. */
  hasVersion(ticket: T, text: string, at: number): boolean;
}

/** The length of a version and of a key. */
export const WIDTH = 16;
/** So far behind the number where a document should be it is looked for by going on from there. */
const NEAR = 64;

/** A version as it is kept. */
export function short(version: string): string {
  return version.slice(0, WIDTH).padEnd(WIDTH);
}

/** The documents of an index by number: the saved ones, then those that came since. */
export class Documents {
  readonly saved: SavedDocuments;
  readonly #added: Document[] = [];
  #addedKeys = "";
  readonly #gone = new Set<number>();
  /** Made when a document is not where it was looked for. */
  #numbers: Map<string, number> | undefined;

  constructor(saved: SavedDocuments) {
    this.saved = saved;
  }

  /** How many numbers there are, those of documents that are gone among them. */
  get size(): number {
    return this.saved.ids.count + this.#added.length;
  }

  /** Numbers of documents that are gone or have another number now. */
  get gone(): ReadonlySet<number> {
    return this.#gone;
  }

  /** What the vectors of all numbers are kept under, joined. */
  get keys(): string {
    return this.saved.keys + this.#addedKeys;
  }

  idOf(number: number): string {
    return this.#addedAt(number)?.id ?? this.saved.ids.at(number);
  }

  keyOf(number: number): string {
    return this.#addedAt(number)?.key ?? this.saved.keys.slice(number * WIDTH, (number + 1) * WIDTH);
  }

  isArchived(number: number): boolean {
    return this.#addedAt(number)?.archived ?? this.saved.archived[number] === 1;
  }

  /** Whether a document was made from the version that a ticket has. */
  isFrom<T>(number: number, reader: VersionReader<T>, ticket: T): boolean {
    const added = this.#addedAt(number);
    if (added !== undefined) return reader.hasVersion(ticket, added.version, 0);
    return reader.hasVersion(ticket, this.saved.versions, number * WIDTH);
  }

  /** The number of an id; `guess` is looked at first. */
  find(id: string, guess = 0): number | undefined {
    if (this.saved.ids.is(guess, id) && !this.#gone.has(guess)) return guess;
    this.#numbers ??= this.#numbered();
    return this.#numbers.get(id);
  }

  /** Adds a document behind all others. */
  add(document: Document): void {
    this.#numbers?.set(document.id, this.size);
    this.#added.push(document);
    this.#addedKeys += document.key;
  }

  remove(number: number): void {
    this.#numbers?.delete(this.idOf(number));
    this.#gone.add(number);
  }

  /** The numbers of the documents that are there. */
  there(): number[] {
    return Array.from({ length: this.size }, (_, number) => number).filter((number) => !this.#gone.has(number));
  }

  /** The same without those that are gone: the others close ranks. */
  compact(): Documents {
    const there = this.there();
    return new Documents({
      ids: joinTexts(there.map((number) => this.idOf(number))),
      versions: there.map((number) => this.#versionOf(number)).join(""),
      keys: there.map((number) => this.keyOf(number)).join(""),
      archived: Uint8Array.from(there, (number) => (this.isArchived(number) ? 1 : 0)),
    });
  }

  #versionOf(number: number): string {
    return this.#addedAt(number)?.version ?? this.saved.versions.slice(number * WIDTH, (number + 1) * WIDTH);
  }

  #addedAt(number: number): Document | undefined {
    const { count } = this.saved.ids;
    return number < count ? undefined : this.#added[number - count];
  }

  #numbered(): Map<string, number> {
    return new Map(this.there().map((number) => [this.idOf(number), number]));
  }
}

/** No documents. */
export function noDocuments(): Documents {
  return new Documents({ ids: joinTexts([]), versions: "", keys: "", archived: new Uint8Array(0) });
}

/** Finds documents that are asked for in about the order of their numbers. */
export function inOrder(documents: Documents): (id: string) => number | undefined {
  let guess = 0;
  return (id) => {
    const number = documents.find(id, guess);
    if (number !== undefined && number >= guess && number < guess + NEAR) guess = number + 1;
    return number;
  };
}
