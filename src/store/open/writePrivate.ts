import { appendFileSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { mapAside, writeDurable } from "../../git/disk/durable.ts";

/** Writes a file that this machine keeps for itself, durably, in a folder of its own. @throws disk_full, store_not_writable */
export function writePrivate(file: string, text: string): void {
  const folder = path.dirname(file);
  try {
    makeFolders(folder, 0o700);
    writeDurable(file, Buffer.from(text), { tmpDir: folder, mode: 0o600 });
  } catch (error) {
    throw mapAside(error, file);
  }
}

/** Adds to such a file, without waiting for the disk: what a power cut takes of it is only told. @throws disk_full, store_not_writable */
export function appendPrivate(file: string, text: string): void {
  try {
    appendFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw mapAside(error, file);
  }
}
