import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { appendOwned } from "../../folderOwner.ts";
import { removeCache, replaceFile } from "../replaceFile.ts";
import { addSignatures, emptySignatures, postingsOf, type SignatureRow, type Signatures } from "./signatures.ts";

/** What is kept on the disk: many rows in one piece, and those that were added since, which may replace some of them. */
export interface SavedSignatures {
  readonly base: Signatures;
  readonly added: readonly SignatureRow[];
  /** Names the base; "" where nothing is saved. */
  readonly generation: string;
}

const FILE = "similar.bin";
const VERSION = 3;
/** What is added to a base goes into a log, so that a new ticket costs a line; a longer log becomes part of the base. */
const MAX_LOG_BYTES = 32 * 1024;

/** The saved signatures, or none where they cannot be read or were made with another table of words or other templates. */
export function loadSignatures(dir: string | undefined, fingerprint: string): SavedSignatures {
  const none: SavedSignatures = { base: emptySignatures(), added: [], generation: "" };
  if (dir === undefined) return none;
  try {
    const bytes = readFileSync(path.join(dir, FILE));
    const start = bytes.indexOf(10) + 1;
    const head = JSON.parse(bytes.toString("utf8", 0, start)) as Head;
    const [version, made, count, idBytes, total, generation, unique] = head;
    const offsetsAt = start + idBytes;
    const stemsAt = offsetsAt + (count + 1) * 4;
    const uniqueAt = stemsAt + total * 4;
    const rowsAt = uniqueAt + unique * 8;
    const weightsAt = rowsAt + total * 4;
    const titlesAt = weightsAt + total;
    if (version !== VERSION || made !== fingerprint || bytes.length !== titlesAt + count) return none;
    const names = bytes.toString("utf8", start, offsetsAt).split("\n");
    const base: Signatures = {
      ids: names.slice(0, count),
      versions: names.slice(count, count * 2),
      offsets: numbersIn(bytes, offsetsAt, stemsAt),
      stems: numbersIn(bytes, stemsAt, uniqueAt),
      weights: bytes.subarray(weightsAt, titlesAt),
      titles: bytes.subarray(titlesAt),
      postings: {
        stems: numbersIn(bytes, uniqueAt, uniqueAt + unique * 4),
        ends: numbersIn(bytes, uniqueAt + unique * 4, rowsAt),
        rows: numbersIn(bytes, rowsAt, weightsAt),
      },
    };
    return { base, added: readLog(logFile(dir, generation)), generation };
  } catch {
    return none;
  }
}

type Head = readonly [
  version: number,
  fingerprint: string,
  count: number,
  idBytes: number,
  total: number,
  generation: string,
  unique: number,
];

/** Where they lie evenly, numbers are used as they are. */
function numbersIn(bytes: Buffer, from: number, to: number): Uint32Array {
  const { buffer, byteOffset } = bytes;
  const start = byteOffset + from;
  if (start % 4 === 0) return new Uint32Array(buffer, start, (to - from) / 4);
  return new Uint32Array(buffer.slice(start, byteOffset + to));
}

/** A line that a crash tore counts for nothing. */
function readLog(file: string): SignatureRow[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      const [id, version, title, stems, weights] = JSON.parse(line) as LogLine;
      return Array.isArray(stems) && stems.length === weights.length
        ? [{ id, version, signature: { title, stems, weights } }]
        : [];
    } catch {
      return [];
    }
  });
}

type LogLine = readonly [
  id: string,
  version: string,
  title: number,
  stems: readonly number[],
  weights: readonly number[],
];

function logFile(dir: string, generation: string): string {
  return path.join(dir, `similar-${generation}.log`);
}

/** Writes down rows beside those that are saved. Failing to is no error: they can be made again. */
export function saveAdded(
  dir: string | undefined,
  fingerprint: string,
  saved: SavedSignatures,
  rows: readonly SignatureRow[],
): void {
  if (dir === undefined || rows.length === 0) return;
  const log = logFile(dir, saved.generation);
  const size = saved.generation === "" ? 0 : (statSync(log, { throwIfNoEntry: false })?.size ?? 0);
  const lines = rows.map(({ id, version, signature: { title, stems, weights } }) =>
    JSON.stringify([id, version, title, stems, weights] satisfies LogLine),
  );
  const text = `${size > 0 ? "\n" : ""}${lines.join("\n")}`;
  if (saved.generation === "" || size + text.length > MAX_LOG_BYTES) {
    saveSignatures(dir, fingerprint, addSignatures(saved.base, [...saved.added, ...rows]));
    return;
  }
  try {
    appendOwned(log, text);
  } catch {
    // They can be made again.
  }
}

/** Writes all signatures as a new base. Failing to is no error: they can be made again. */
export function saveSignatures(dir: string | undefined, fingerprint: string, signatures: Signatures): void {
  if (dir === undefined) return;
  const { ids, versions, offsets, stems, weights, titles } = signatures;
  const used = [...ids.keys()].filter((row) => ids[row] !== "");
  const kept = new Uint32Array(used.length + 1);
  const parts: { readonly stems: Uint32Array; readonly weights: Uint8Array }[] = [];
  let total = 0;
  for (const row of used) {
    const [from, to] = [offsets[row] as number, offsets[row + 1] as number];
    parts.push({ stems: stems.subarray(from, to), weights: weights.subarray(from, to) });
    total += to - from;
    kept[parts.length] = total;
  }
  const generation = randomUUID();
  const postings = postingsOf(kept, parts);
  const names = `${[...used.map((row) => ids[row]), ...used.map((row) => versions[row])].join("\n")}\n`;
  const headOf = (idBytes: number): string =>
    `${JSON.stringify([VERSION, fingerprint, used.length, idBytes, total, generation, postings.stems.length] satisfies Head)}\n`;
  // The numbers behind the names begin at a multiple of four.
  let padded = Buffer.from(names);
  while ((headOf(padded.length).length + padded.length) % 4 !== 0) padded = Buffer.concat([padded, Buffer.from("\n")]);
  const bytesOf = (array: Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const isWritten = replaceFile(path.join(dir, FILE), [
    Buffer.from(headOf(padded.length)),
    padded,
    bytesOf(kept),
    ...parts.map((part) => bytesOf(part.stems)),
    ...[postings.stems, postings.ends, postings.rows].map(bytesOf),
    ...parts.map((part) => Buffer.from(part.weights)),
    Buffer.from(used.map((row) => titles[row] as number)),
  ]);
  if (isWritten) removeOldLogs(dir, generation);
}

function removeOldLogs(dir: string, generation: string): void {
  for (const name of readdirSync(dir))
    if (/^similar-.*\.log$/.test(name) && name !== path.basename(logFile(dir, generation)))
      removeCache(path.join(dir, name));
}
