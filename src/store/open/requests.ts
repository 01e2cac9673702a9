import { createHash, randomUUID } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { createExclusive, ensureDir, writeDurable } from "../../git/disk/durable.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { readHead } from "../../git/refs/refs.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../processes.ts";
import type { Journal, Store } from "./store.ts";

/*
 * Requests that carry a key of their sender's, and what was answered: the same key makes no second change. A record is
 * there before the change is made, so that whoever comes after a crash knows that there may have been one.
 */

/** What was answered. */
export interface KeptResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Kept {
  /** A hash of what the request asks for. */
  readonly print: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The store's commit before the change; null where there was none. */
  readonly base: string | null;
  /** Who works on it; nobody any more where it ended without a word. */
  readonly holder?: ProcessIdentity;
  readonly answer?: KeptResponse;
}

/** How it stands with a key. */
export type Begun =
  /** It is new: whoever asked makes the change and says how it ended. */
  | { readonly kind: "new"; readonly end: (answer: KeptResponse | "refused" | "unknown") => void }
  | { readonly kind: "answered"; readonly answer: KeptResponse }
  /** Another request with this key is being worked on. */
  | { readonly kind: "running" }
  /** The key was sent with something else. */
  | { readonly kind: "other" }
  /** Whoever worked on it is gone, and the store has changed since: nobody knows whether this change is among it. */
  | { readonly kind: "unknown"; readonly since: string | null };

/** A key is known for so long, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** So many keys are known, and so many bytes of answers; the oldest go first. */
const MOST = 1000;
const MOST_BYTES = 64 * 1024 * 1024;
/** The folder is looked through after so many new keys. */
const EACH = 50;

let begun = 0;

/** Begins what a request asks for, unless its key is known. @throws disk_full, store_not_writable */
export function beginRequest(store: Store, journal: Journal, key: string, print: string): Begun {
  const folder = path.join(journal.stateDir, "requests");
  const file = path.join(folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  ensureDir(folder);
  if (begun++ % EACH === 0) removeOld(folder, store.host.now());
  const base = headOf(journal);
  const mine: Kept = { print, at: store.host.now(), base, holder: processIdentity(store.host.pid) };
  for (;;) {
    if (createExclusive(file, bytesOf(mine), folder)) {
      return { kind: "new", end: (answer) => end(file, mine, journal, answer) };
    }
    const text = readText(file);
    const known = text === undefined ? undefined : judged(recordOf(text), mine);
    if (known !== undefined) return known;
    if (text !== undefined) remove(file, text);
  }
}

/** How it stands with a key that has a record; undefined where that counts for nothing any more. */
function judged(known: Kept | undefined, { print, at, base }: Kept): Begun | undefined {
  if (known === undefined || known.at + KEPT_MS < at) return undefined;
  if (known.print !== print) return { kind: "other" };
  if (known.answer !== undefined) return { kind: "answered", answer: known.answer };
  if (known.holder !== undefined && !isProvablyDead(known.holder)) return { kind: "running" };
  // Else it ended before it had changed anything.
  return known.base === base ? undefined : { kind: "unknown", since: known.base };
}

/** What was refused changed nothing: the key is as good as new. */
function end(file: string, record: Kept, journal: Journal, answer: KeptResponse | "refused" | "unknown"): void {
  const { holder: _, ...rest } = record;
  const isUnchanged = answer === "refused" || (answer === "unknown" && rest.base === headOf(journal));
  if (isUnchanged) removeFile(file);
  else writeDurable(file, bytesOf(answer === "unknown" ? rest : { ...rest, answer }), { tmpDir: path.dirname(file) });
}

function headOf({ repository }: Journal): string | null {
  return readHead(repository).oid ?? null;
}

function bytesOf(record: Kept): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** Undefined for a record that somebody damaged. */
function recordOf(text: string): Kept | undefined {
  try {
    const record = JSON.parse(text) as Kept;
    return typeof record.print === "string" && Number.isFinite(record.at) ? record : undefined;
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes a record as it was read: one that another process wrote meanwhile is put back. */
function remove(file: string, text: string): void {
  const grave = `${file}.${randomUUID()}`;
  try {
    renameSync(file, grave);
    if (readFileSync(grave, "utf8") !== text) linkSync(grave, file);
  } catch (error) {
    // Another process was first.
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    removeFile(grave);
  }
}

function removeOld(folder: string, now: number): void {
  const files = readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ file, at: stat.mtimeMs, size: stat.size }];
  });
  let bytes = 0;
  files
    .sort((left, right) => right.at - left.at)
    .forEach(({ file, at, size }, place) => {
      bytes += size;
      if (place >= MOST || bytes > MOST_BYTES || at + KEPT_MS < now) removeFile(file);
    });
}
