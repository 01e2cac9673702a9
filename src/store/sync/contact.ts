import path from "node:path";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "../open/store.ts";
import { contactFile, syncFolder } from "../open/syncFolder.ts";
import { writePrivate } from "../open/writePrivate.ts";

/**
 * What this machine knows of where a store is shared. It lies in AYO_HOME by where the store lies: a copy of the store
 * asks again, and nothing that comes with tickets can say where they go.
 */
export interface Contact {
  /** The store's directory, and which store lay there. */
  readonly store: string;
  readonly id: string | undefined;
  /** The remote's name in the project, or its address. */
  readonly remote: string;
  /** The address that somebody said yes to, or that the tickets came from. */
  readonly url: string;
  /** Who said so, and when. */
  readonly by: string;
  readonly at: string;
  /** The ref there, its commit when it was last looked at, and when that was. */
  readonly ref?: string;
  readonly seen?: string;
  readonly seenAt?: string;
  /** Why the last try failed. */
  readonly failure?: string;
  readonly failedAt?: string;
}

const MAX_BYTES = 64 * 1024;
const TEXTS = ["store", "remote", "url", "by", "at"] as const;
const MAYBE = ["id", "ref", "seen", "seenAt", "failure", "failedAt"] as const;

/** What is known of a store, if anything; what cannot be read is not known. */
export function readContact({ dir, host }: Pick<Store, "dir" | "host">): Contact | undefined {
  const read = readStoreFile(contactFile({ dir, host }), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    const raw = JSON.parse(read.bytes.toString("utf8")) as Record<string, unknown>;
    const isWhole = TEXTS.every((key) => typeof raw[key] === "string");
    const isSound = MAYBE.every((key) => raw[key] === undefined || typeof raw[key] === "string");
    return isWhole && isSound && raw.store === dir ? (raw as unknown as Contact) : undefined;
  } catch {
    // Whoever asks learns that nobody has said yes.
    return undefined;
  }
}

/** @throws store_not_writable, disk_full */
export function writeContact({ dir, host }: Pick<Store, "dir" | "host">, contact: Contact): void {
  writePrivate(contactFile({ dir, host }), `${JSON.stringify(contact, undefined, 2)}\n`);
}

/** Where git works that talks to others for a store. */
export function transportDir(store: Pick<Store, "dir" | "host">): string {
  return path.join(syncFolder(store), "transport.git");
}
