import path from "node:path";
import { AyoError } from "../../error.ts";
import { packageDir } from "../../host.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import type { Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Where a store's search caches are: beside the index cache, and as disposable. */
export function searchDir(store: Store): string | undefined {
  return store.journal === undefined ? undefined : path.join(store.journal.stateDir, "search");
}

/** The shipped table of words. */
export function wordTableFile(): string {
  return path.join(packageDir(), "src", "search", "data", "words.bin");
}

/** The text of a ticket's file, or undefined when it is gone or unreadable by now. */
export function readText(store: Store, ticket: Ticket): string | undefined {
  try {
    return readTicketText(store.dir, ticket.path);
  } catch (error) {
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}
