import path from "node:path";
import { hashObject, readObject } from "../../git/objects/objects.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import { decodeText, parse } from "../disk/readFile.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Step } from "./ticketHistory.ts";

/** Reads what the table of a store's history only names; every blob once. */
export interface HistoryObjects {
  /** The bytes of a version of a file. */
  bytes(file: string, blob: string): Promise<Buffer>;
  /** The text of a version of a file; null where there was no file. */
  text(file: string, blob: string | null): Promise<string | null>;
  /** A version of a ticket, or undefined where there was none that can be read. */
  snapshot(file: string, blob: string | null): Promise<Snapshot | undefined>;
  /** The difference that a step made, as `diff -u` writes it. */
  patch(step: Step): Promise<string>;
}

/** Opens the objects of a store; a version that no commit has yet is read from the disk. */
export function historyObjects(store: Store, { repository }: Journal): HistoryObjects {
  const blobs = new Map<string, Promise<Buffer>>();
  const read = (file: string, blob: string): Promise<Buffer> => {
    const known = blobs.get(blob) ?? load(file, blob);
    blobs.set(blob, known);
    return known;
  };
  const load = async (file: string, blob: string): Promise<Buffer> => {
    try {
      return (await readObject(repository, blob)).bytes;
    } catch (error) {
      const disk = readStoreFile(path.join(store.dir, file));
      if (disk === undefined || disk instanceof Unread || hashObject("blob", disk.bytes) !== blob) throw error;
      return disk.bytes;
    }
  };
  const objects: HistoryObjects = {
    bytes: read,
    text: async (file, blob) => (blob === null ? null : (await read(file, blob)).toString("utf8")),
    snapshot: async (file, blob) => {
      if (blob === null) return undefined;
      const bytes = await read(file, blob);
      const ticket = await parse(bytes, file, blob);
      return "id" in ticket ? { ticket, text: decodeText(bytes, file) } : undefined;
    },
    patch: async ({ from, path: to, before, after }) => {
      const { unifiedDiff } = await import("../files/unifiedDiff.ts");
      const [old, now] = [await objects.text(from, before), await objects.text(to, after)];
      return unifiedDiff({ path: from, text: old }, { path: to, text: now });
    },
  };
  return objects;
}
