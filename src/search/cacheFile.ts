import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { replaceFile } from "./replaceFile.ts";

// A cache file: eight characters of a checksum over all that follows, a JSON line with the header and the lengths of the
// parts, filled up with blanks, then the parts, each filled up to a multiple of ALIGN bytes: numbers are used as they lie.

const ALIGN = 8;
const CHECKSUM = 8;

/** What a cache file has. */
export interface CacheFile {
  readonly header: unknown;
  readonly parts: readonly Buffer[];
}

/** Reads a cache; undefined when it is missing, or anything of it is not as it was written. */
export function readCache(file: string): CacheFile | undefined {
  try {
    const bytes = aligned(readFileSync(file));
    const isWhole = bytes.length % ALIGN === 0 && bytes.toString("latin1", 0, CHECKSUM) === checksumOf(bytes);
    if (!isWhole) return undefined;
    let at = bytes.indexOf(10) + 1;
    const { header, lengths } = JSON.parse(bytes.toString("utf8", CHECKSUM, at)) as Head;
    const parts = lengths.map((length) => {
      const part = bytes.subarray(at, at + length);
      at += length + missing(length);
      return part;
    });
    return at === bytes.length ? { header, parts } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a cache. Failing to is no error: it can be made again. Answers whether it worked. */
export function writeCache(file: string, header: unknown, arrays: readonly ArrayBufferView[]): boolean {
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  const head: Head = { lengths: parts.map(({ length }) => length), header };
  const line = Buffer.from(JSON.stringify(head));
  const padding = " ".repeat(missing(CHECKSUM + line.length + 1));
  const whole: Uint8Array[] = [Buffer.alloc(CHECKSUM), line, Buffer.from(`${padding}\n`)];
  for (const part of parts) whole.push(part, Buffer.alloc(missing(part.length)));
  const bytes = Buffer.concat(whole);
  bytes.write(checksumOf(bytes), 0, "latin1");
  return replaceFile(file, [bytes]);
}

interface Head {
  readonly lengths: readonly number[];
  readonly header: unknown;
}

/** The numbers that lie in a part. */
export function numbersOf({ buffer, byteOffset, length }: Buffer): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

/** How many bytes fill a length up. */
function missing(length: number): number {
  return -length & (ALIGN - 1);
}

function aligned(bytes: Buffer): Buffer {
  return bytes.byteOffset % ALIGN === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
}

function checksumOf(bytes: Buffer): string {
  return crc32(bytes.subarray(CHECKSUM)).toString(16).padStart(CHECKSUM, "0");
}
