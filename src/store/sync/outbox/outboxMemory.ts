import path from "node:path";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import type { Store } from "../../open/store.ts";
import { syncFolder } from "../../open/syncFolder.ts";
import { writePrivate } from "../../open/writePrivate.ts";
import type { Found } from "./findOutboxes.ts";

/** What became of a bundle, the last time that it was looked into. */
export interface Settled {
  readonly state: "known" | "refused";
  /** Why it was refused. */
  readonly why?: string;
  /** It may be taken in once the store has another commit; at once where `at` is none. */
  readonly waits?: true;
  /** The store's commit at that time, and when that was. */
  readonly at: string;
  readonly when: number;
  /** Whether a person has heard of it. */
  readonly told: boolean;
}

/** What this machine knows of bundles in branches, so that nothing is looked at twice. */
export interface Memory {
  /** Of which remote it is, and what of it is kept here. */
  readonly of: string;
  /** How the project's refs stood. */
  readonly fingerprint: string;
  readonly tips: Readonly<Record<string, string>>;
  readonly found: readonly Found[];
  readonly settled: Readonly<Record<string, Settled>>;
  /** A commit of the store that has all that is known. */
  readonly known?: string;
}

/** Another form is not read. */
const FORM = 1;
const MAX_BYTES = 64 * 1024 * 1024;
/** That of who has looked at nothing. */
export const NOTHING: Memory = { of: "", fingerprint: "", tips: {}, found: [], settled: {} };

/** What cannot be read is not known: then everything is looked at again. */
export function readMemory(store: Store): Memory {
  const read = readStoreFile(fileOf(store), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return NOTHING;
  try {
    const raw = JSON.parse(read.bytes.toString("utf8")) as Memory & { form: number };
    const isWhole = raw.form === FORM && Array.isArray(raw.found) && Object.keys(NOTHING).every((key) => key in raw);
    return isWhole ? raw : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** @throws store_not_writable, disk_full */
export function writeMemory(store: Store, memory: Memory): void {
  writePrivate(fileOf(store), `${JSON.stringify({ form: FORM, ...memory })}\n`);
}

function fileOf(store: Store): string {
  return path.join(syncFolder(store), "outbox.json");
}
