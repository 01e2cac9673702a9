import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../../folderOwner.ts";
import { type BaseHistory, emptyHistory, type Revert } from "./baseHistory.ts";
import type { Patches } from "./patches.ts";

/** What was seen at the last look: cached in the store's private folder. */
export interface LandedCache {
  readonly history: BaseHistory;
  readonly patches: Patches;
  /** Of so many commits of the branch it was asked what they mean for every ticket. */
  readonly looked: number;
}

interface Header {
  readonly version: number;
  readonly commonDir: string;
  /** What decides whether a look could see anything new. */
  readonly seen: string;
  readonly ref: string;
  readonly head: string;
  readonly count: number;
  readonly looked: number;
  readonly texts: number;
}

interface Texts {
  readonly reverts: readonly Revert[];
  readonly lost: readonly string[];
  readonly patches: readonly (readonly [string, string, string])[];
}

const FILE = "landed.table";
const VERSION = 2;
/** A header is shorter, since a path is at most 4096 long. */
const MAX_HEADER = 8192;
/** Of a hash of files: so many characters. */
export const FILES_LENGTH = 8;
const OID = 40;

/** What the last look was at; undefined where there was none. Costs a small read. */
export function lastSeen(stateDir: string, commonDir: string): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path.join(stateDir, FILE), "r");
    const start = Buffer.alloc(MAX_HEADER);
    const length = readSync(handle, start, 0, MAX_HEADER, 0);
    const header = JSON.parse(start.toString("utf8", 0, start.subarray(0, length).indexOf(10))) as Header;
    return header.version === VERSION && header.commonDir === commonDir ? header.seen : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The cache, or undefined where there is none that can be read. */
export function loadLanded(stateDir: string, commonDir: string): LandedCache | undefined {
  try {
    const bytes = readFileSync(path.join(stateDir, FILE));
    const end = bytes.indexOf(10) + 1;
    const { version, ref, head, count, looked, texts, ...header } = JSON.parse(
      bytes.toString("utf8", 0, end),
    ) as Header;
    if (version !== VERSION || header.commonDir !== commonDir) return undefined;
    if (bytes.length !== end + texts + count * (OID / 2 + 4 + FILES_LENGTH)) return undefined;
    const { reverts, lost, patches } = JSON.parse(bytes.toString("utf8", end, end + texts)) as Texts;
    const history = emptyHistory(ref);
    history.head = head;
    let at = end + texts;
    const hex = bytes.toString("hex", at, at + (count * OID) / 2);
    at += (count * OID) / 2;
    const files = bytes.toString("latin1", at + count * 4);
    for (let place = 0; place < count; place++) {
      const oid = hex.slice(place * OID, place * OID + OID);
      history.oids.push(oid);
      history.places.set(oid, place);
      history.arrivals.push(bytes.readUInt32LE(at + place * 4));
      history.files.push(files.slice(place * FILES_LENGTH, (place + 1) * FILES_LENGTH).trimEnd());
    }
    history.reverts.push(...reverts);
    for (const oid of lost) history.lost.add(oid);
    return { history, patches: new Map(patches.map(([key, own, id]) => [key, { files: own, id }])), looked };
  } catch {
    return undefined;
  }
}

/** Writes the cache. Failing to is no error: it is disposable. */
export function saveLanded(stateDir: string, commonDir: string, seen: string, cache: LandedCache): void {
  const { history, patches, looked } = cache;
  const { ref, head, oids, arrivals, reverts, lost, files } = history;
  const texts: Texts = {
    reverts,
    lost: [...lost],
    patches: [...patches].map(([key, { files: own, id }]) => [key, own, id] as const),
  };
  const text = Buffer.from(`${JSON.stringify(texts)}\n`);
  const count = oids.length;
  const header: Header = { version: VERSION, commonDir, seen, ref, head, count, looked, texts: text.length };
  const places = Buffer.alloc(count * 4);
  for (const [place, arrival] of arrivals.entries()) places.writeUInt32LE(arrival, place * 4);
  const own = Buffer.from(files.map((one) => one.padEnd(FILES_LENGTH)).join(""), "latin1");
  const all = [Buffer.from(`${JSON.stringify(header)}\n`), text, Buffer.from(oids.join(""), "hex"), places, own];
  const file = path.join(stateDir, FILE);
  const temporary = `${file}.${randomUUID()}`;
  try {
    writeOwned(temporary, Buffer.concat(all));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/**
 * Keeps what a look at one ticket saw of the branch, so that what goes from it later is missed. Others have not been
 * looked at: the next look at all goes through everything that is new to them.
 */
export function keepSeen(
  stateDir: string,
  commonDir: string,
  before: LandedCache | undefined,
  history: BaseHistory,
): void {
  const known = loadLanded(stateDir, commonDir);
  if (known?.history.ref === history.ref && known.history.head === history.head) return;
  const looked = before?.history === history ? before.looked : 0;
  saveLanded(stateDir, commonDir, "", { history, patches: before?.patches ?? new Map(), looked });
}
