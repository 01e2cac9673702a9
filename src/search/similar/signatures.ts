import { readFileSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "../replaceFile.ts";
import type { Signature } from "./similar.ts";

/** Signatures of many tickets in one piece. */
export interface Signatures {
  /** The ticket of each row; "" where a row is not used any more. */
  readonly ids: string[];
  /** The beginning of the version that a row was made from. */
  readonly versions: string[];
  /** Where each row begins in `stems` and `weights`; one more than there are rows. */
  offsets: Uint32Array;
  stems: Uint32Array;
  weights: Uint8Array;
  /** How many of each row's stems are the title's. */
  titles: Uint8Array;
}

const FILE = "similar.bin";
const VERSION = 1;

/** An empty collection. */
export function emptySignatures(): Signatures {
  return {
    ids: [],
    versions: [],
    offsets: new Uint32Array(1),
    stems: new Uint32Array(0),
    weights: new Uint8Array(0),
    titles: new Uint8Array(0),
  };
}

/** The collection with rows added or replaced; a replaced row stays where it is, unused, until the next save. */
export function addSignatures(
  signatures: Signatures,
  added: readonly { readonly id: string; readonly version: string; readonly signature: Signature }[],
): Signatures {
  if (added.length === 0) return signatures;
  const { ids, versions, offsets } = signatures;
  const start = ids.length;
  const find = rowFinder(signatures);
  const size = added.reduce((sum, { signature }) => sum + signature.stems.length, signatures.stems.length);
  const next: Signatures = {
    ids,
    versions,
    offsets: new Uint32Array(start + added.length + 1),
    stems: new Uint32Array(size),
    weights: new Uint8Array(size),
    titles: new Uint8Array(start + added.length),
  };
  next.titles.set(signatures.titles);
  next.offsets.set(offsets);
  next.stems.set(signatures.stems);
  next.weights.set(signatures.weights);
  for (const [at, { id, version, signature }] of added.entries()) {
    const old = find(id);
    if (old !== undefined) ids[old] = "";
    const from = next.offsets[start + at] as number;
    next.stems.set(signature.stems, from);
    next.weights.set(signature.weights, from);
    next.offsets[start + at + 1] = from + signature.stems.length;
    next.titles[start + at] = signature.title;
    ids[start + at] = id;
    versions[start + at] = version;
  }
  return next;
}

/** Finds rows by id; asked in the order of the rows it needs no index of them. */
export function rowFinder({ ids }: Signatures): (id: string) => number | undefined {
  let next = 0;
  let index: Map<string, number> | undefined;
  return (id) => {
    if (ids[next] === id) return next++;
    index ??= new Map(ids.map((one, row) => [one, row]));
    const row = index.get(id);
    if (row === undefined || ids[row] !== id) return undefined;
    next = row + 1;
    return row;
  };
}

/** The saved signatures, or none where they cannot be read or were made with another table of words. */
export function loadSignatures(dir: string | undefined, fingerprint: string): Signatures {
  if (dir === undefined) return emptySignatures();
  try {
    const bytes = readFileSync(path.join(dir, FILE));
    const start = bytes.indexOf(10) + 1;
    const [version, made, count, idBytes, total] = JSON.parse(bytes.toString("utf8", 0, start)) as Head;
    const offsetsAt = start + idBytes;
    const stemsAt = offsetsAt + (count + 1) * 4;
    const weightsAt = stemsAt + total * 4;
    const titlesAt = weightsAt + total;
    if (version !== VERSION || made !== fingerprint || bytes.length !== titlesAt + count) return emptySignatures();
    const names = bytes.toString("utf8", start, offsetsAt).split("\n");
    const words = (from: number, to: number) =>
      new Uint32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to));
    return {
      ids: names.slice(0, count),
      versions: names.slice(count, count * 2),
      offsets: words(offsetsAt, stemsAt),
      stems: words(stemsAt, weightsAt),
      weights: bytes.subarray(weightsAt, titlesAt),
      titles: bytes.subarray(titlesAt),
    };
  } catch {
    return emptySignatures();
  }
}

type Head = readonly [version: number, fingerprint: string, count: number, idBytes: number, total: number];

/** Writes the signatures. Failing to is no error: they can be made again. */
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
  const names = Buffer.from(`${[...used.map((row) => ids[row]), ...used.map((row) => versions[row])].join("\n")}\n`);
  const head: Head = [VERSION, fingerprint, used.length, names.length, total];
  const bytesOf = (array: Uint32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  replaceFile(path.join(dir, FILE), [
    Buffer.from(`${JSON.stringify(head)}\n`),
    names,
    bytesOf(kept),
    ...parts.map((part) => bytesOf(part.stems)),
    ...parts.map((part) => Buffer.from(part.weights)),
    Buffer.from(used.map((row) => titles[row] as number)),
  ]);
}
