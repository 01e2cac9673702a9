import path from "node:path";
import { readStoreFile, Unread } from "../../../store/files/storeFile.ts";
import type { Journal } from "../../../store/open/store.ts";
import { writePrivate } from "../../../store/open/writePrivate.ts";
import type { Note } from "../../../ticket/ticket.ts";
import type { Cursor, LocalSide } from "../../../trackers/sync/localSide.ts";
import { type Pair, sorted } from "../../../trackers/sync/pair.ts";

/** What a sync reads of a ticket's text. */
export interface KnownText {
  readonly version: string;
  readonly text: string;
  readonly notes: readonly Note[];
}

/** A pair, and the stamp of the file that it was read from. */
export interface KnownPair {
  readonly stamp: string;
  readonly pair: Pair;
}

/** What was read before: texts by version, pairs by the stamps of their files. It only saves time. */
export interface Known {
  readonly texts: Map<string, KnownText>;
  readonly pairs: Map<string, KnownPair>;
  /** Up to when relations were read, beyond a cursor. */
  ahead?: { readonly cursor: Cursor; readonly relations: string } | undefined;
}

const VERSION = 1;
/** A larger one costs more than it saves; in bytes. */
const MOST = 32 * 1024 * 1024;
/** Fewer are read as fast. */
const FEW = 50;

const fileOf = ({ stateDir }: Journal, tracker: string): string => path.join(stateDir, `tracker-${tracker}.cache`);

/** What the last sync of this machine read; nothing where that cannot be read. */
export function readKnown(journal: Journal, tracker: string): Known {
  const none: Known = { texts: new Map(), pairs: new Map() };
  const read = readStoreFile(fileOf(journal, tracker), { limit: MOST });
  if (read === undefined || read instanceof Unread) return none;
  try {
    const { v, texts, pairs, ahead } = JSON.parse(read.bytes.toString("utf8")) as {
      v: number;
      texts: [string, KnownText][];
      pairs: [string, KnownPair][];
      ahead?: Known["ahead"];
    };
    return v === VERSION ? { texts: new Map(texts), pairs: new Map(pairs), ahead } : none;
  } catch {
    return none;
  }
}

/** Keeps what was read for the next sync; that it cannot be kept is no failure. */
export function keepKnown(journal: Journal, tracker: string, { texts, pairs, ahead }: Known): void {
  if (pairs.size < FEW && ahead === undefined) return;
  const text = JSON.stringify({ v: VERSION, texts: [...texts], pairs: [...pairs], ahead });
  if (text.length > MOST) return;
  try {
    writePrivate(fileOf(journal, tracker), text);
  } catch {
    // The next sync reads the files.
  }
}

/** What of relations was read beyond the cursor that lies in the store. */
export function aheadOf(known: Known, isNew: () => void): NonNullable<LocalSide["ahead"]> {
  const textOf = (value: unknown): string => JSON.stringify(sorted(value));
  return {
    find: (cursor) => {
      const { ahead } = known;
      return ahead !== undefined && textOf(ahead.cursor) === textOf(cursor) ? ahead.relations : undefined;
    },
    keep: (cursor, relations) => {
      const next = relations === undefined || relations === cursor.relations ? undefined : { cursor, relations };
      if (textOf(next) === textOf(known.ahead)) return;
      known.ahead = next;
      isNew();
    },
  };
}
