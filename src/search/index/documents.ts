import { readFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { SEARCH_FIELDS } from "../../ticket/plainFields.ts";
import { replaceFile } from "../replaceFile.ts";

/** The documents of an index, by number: what they are, and what they were made from. */
export interface Documents {
  readonly ids: string[];
  /** The first 16 characters of each one's version, joined: ten thousand texts cost more than all else here. */
  versions: string;
  /** What each one's vectors are kept under, 16 characters, joined. */
  keys: string;
  /** Numbers of those in the archive. */
  readonly archived: Set<number>;
}

interface Header {
  readonly version: string;
  /** Of the bytes after this line. */
  readonly checksum: number;
  readonly ids: string[];
  /** Joined: they are of one length. */
  readonly versions: string;
  readonly keys: string;
  readonly archived: readonly number[];
}

const FILE = "keyword.bin";
/** Raised when tokens or stems change: what was indexed before is then indexed anew, as where other fields are searched. */
const VERSION = `3 ${SEARCH_FIELDS.join(" ")}`;
/** The length of a version and of a key. */
export const WIDTH = 16;

/** A version as it is kept. */
export function short(version: string): string {
  return version.slice(0, WIDTH).padEnd(WIDTH);
}

/** The key of a document. */
export function keyAt({ keys }: Documents, number: number): string {
  return keys.slice(number * WIDTH, (number + 1) * WIDTH);
}

/** An index of no documents. */
export function noDocuments(): Documents {
  return { ids: [], versions: "", keys: "", archived: new Set() };
}

/** Reads an index, whose postings are bytes still; one that is missing, damaged or of another version is empty. */
export function readIndex(dir: string | undefined): { documents: Documents; body: Buffer | undefined } {
  const none = { documents: noDocuments(), body: undefined };
  if (dir === undefined) return none;
  try {
    const bytes = readFileSync(path.join(dir, FILE));
    const start = bytes.indexOf(10) + 1;
    const header = JSON.parse(bytes.toString("utf8", 0, start)) as Header;
    const body = bytes.subarray(start);
    if (header.version !== VERSION || header.checksum !== crc32(body)) return none;
    const { ids, versions, keys, archived } = header;
    if (versions.length !== ids.length * WIDTH || keys.length !== versions.length) return none;
    return { documents: { ids, versions, keys, archived: new Set(archived) }, body };
  } catch {
    return none;
  }
}

/** Writes an index. Failing to is no error: it can be made again. */
export function writeIndex(dir: string, { ids, versions, keys, archived }: Documents, postings: Buffer[]): void {
  const body = Buffer.concat(postings);
  const header: Header = {
    version: VERSION,
    checksum: crc32(body),
    ids,
    versions,
    keys,
    archived: [...archived],
  };
  replaceFile(path.join(dir, FILE), [Buffer.from(`${JSON.stringify(header)}\n`), body]);
}
