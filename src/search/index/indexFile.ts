import path from "node:path";
import { SEARCH_FIELDS } from "../../ticket/plainFields.ts";
import { numbersOf, readCache, writeCache } from "../cacheFile.ts";
import { emptyPostings, type Postings } from "../keyword/postings.ts";
import { Texts } from "../texts.ts";
import { Documents, noDocuments } from "./documents.ts";

/** What is kept of a store's tickets. */
export interface SavedIndex {
  readonly documents: Documents;
  readonly postings: Postings;
}

interface Header {
  readonly version: string;
  readonly ids: BufferEncoding;
  readonly terms: BufferEncoding;
  readonly sums: readonly number[];
}

const FILE = "keyword.bin";
/**
 * Raised when tokens, stems or what is searched of a text change: what was indexed before is then indexed anew, as where
 * other fields are searched, or texts are read in another way.
 */
const VERSION = `5 ${SEARCH_FIELDS.join(" ")}`;

/**
 * Reads an index of documents with so many fields, whose texts were read as `way` says; one that is missing, damaged
 * or of another version is empty.
 */
export function readIndex(dir: string | undefined, fields: number, way: string): SavedIndex {
  const cache = dir === undefined ? undefined : readCache(path.join(dir, FILE));
  const header = cache?.header as Header | undefined;
  if (cache === undefined || header?.version !== versionOf(way)) {
    return { documents: noDocuments(), postings: emptyPostings(fields) };
  }
  const [idEnds, ids, versions, keys, archived, termEnds, terms, offsets, lengths, entries] = cache.parts as Parts;
  const documents = new Documents({
    ids: new Texts(ids.toString(header.ids), numbersOf(idEnds)),
    versions: versions.toString("latin1"),
    keys: keys.toString("latin1"),
    archived,
  });
  const postings = {
    terms: new Texts(terms.toString(header.terms), numbersOf(termEnds)),
    offsets: numbersOf(offsets),
    lengths: numbersOf(lengths),
    entries: numbersOf(entries),
    sums: header.sums,
  };
  return { documents, postings };
}

function versionOf(way: string): string {
  return `${VERSION} ${way}`;
}

type Parts = [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

/** Writes an index. Failing to is no error: it can be made again. */
export function writeIndex(dir: string, way: string, { documents, postings }: SavedIndex): void {
  const { ids, versions, keys, archived } = documents.saved;
  const { terms, offsets, lengths, entries, sums } = postings;
  const [idText, termText] = [encoded(ids.joined), encoded(terms.joined)];
  const header: Header = { version: versionOf(way), ids: idText.encoding, terms: termText.encoding, sums };
  const texts = [versions, keys].map((text) => Buffer.from(text, "latin1")) as [Buffer, Buffer];
  writeCache(path.join(dir, FILE), header, [
    ids.ends,
    idText.bytes,
    ...texts,
    archived,
    terms.ends,
    termText.bytes,
    offsets,
    lengths,
    entries,
  ]);
}

/** A text in bytes that are read without looking at each. */
function encoded(text: string): { readonly encoding: BufferEncoding; readonly bytes: Buffer } {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.toString("latin1") === text) return { encoding: "latin1", bytes };
  return { encoding: "utf16le", bytes: Buffer.from(text, "utf16le") };
}
