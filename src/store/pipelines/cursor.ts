import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { writeDurable } from "../../git/disk/durable.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Journal } from "../open/store.ts";

const POSITION = /^[0-9a-f]{40}(?::\d{1,9})?(?:,[0-9a-f]{40}(?::\d{1,9})?)*$/;

/**
 * How far this machine has come in acting on events: the position behind the last one. Undefined where nobody said yet.
 * An older one does no harm: what was acted on is known by the tickets that it made.
 */
export function readCursor(journal: Journal): string | undefined {
  const read = readStoreFile(fileOf(journal), { limit: 64 * 1024 });
  if (read === undefined || read instanceof Unread) return undefined;
  const text = read.bytes.toString("utf8").trim();
  return POSITION.test(text) ? text : undefined;
}

/** Says how far this machine has come. @throws disk_full, store_not_writable */
export function writeCursor(journal: Journal, position: string): void {
  const folder = path.join(journal.stateDir, "pipelines");
  makeFolders(folder);
  writeDurable(fileOf(journal), Buffer.from(`${position}\n`), { tmpDir: folder });
}

function fileOf({ stateDir }: Journal): string {
  return path.join(stateDir, "pipelines", "position");
}
