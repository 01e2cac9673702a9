import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "../../git/disk/durable.ts";
import { readObject } from "../../git/objects/objects.ts";
import { lsTree } from "../../git/trees/lsTree.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Journal, Store } from "../open/store.ts";
import type { StoreFinding } from "./finding.ts";
import type { Aside } from "./setAside.ts";

/** An editor that saves empties the file for a moment. */
const SAVING_MS = 200;

/**
 * Files that a crash left empty or full of NUL bytes while their last commit has a text: restored from there. Nothing
 * else about a ticket's text is repaired without a person.
 */
export async function findTornFiles(
  store: Store,
  journal: Journal,
  head: string,
  aside: Aside,
): Promise<StoreFinding[]> {
  const committed = await lsTree(journal.repository, head, { prefix: journal.prefix, recursive: true });
  const found: StoreFinding[] = [];
  for (const [file, { oid, mode }] of committed) {
    if (!mode.startsWith("100") || !isTorn(path.join(store.dir, file))) continue;
    const object = await readObject(journal.repository, oid).catch(() => undefined);
    if (object === undefined || isBlank(object.bytes)) continue;
    const { bytes } = object;
    const message = "the file is empty or full of NUL bytes, as a crash leaves it";
    found.push({
      finding: { code: "torn_file", severity: "error", path: file, message, fix: "restored from the last commit" },
      mend: () => restore(path.join(store.dir, file), bytes, journal, aside),
    });
  }
  return found;
}

/** Whether a file is there and holds nothing but NUL bytes. */
export function isTorn(file: string): boolean {
  const read = readStoreFile(file);
  return read !== undefined && !(read instanceof Unread) && isBlank(read.bytes);
}

function isBlank(bytes: Buffer): boolean {
  return bytes[0] === undefined || (bytes[0] === 0 && bytes.every((byte) => byte === 0));
}

async function restore(target: string, bytes: Buffer, journal: Journal, aside: Aside): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SAVING_MS));
  if (!isTorn(target)) return;
  aside.copy(target);
  const tmpDir = path.join(journal.stateDir, "tmp");
  const handle = openSync(target, "r");
  try {
    writeDurable(target, bytes, { tmpDir });
    // Who had emptied the file to write it anew, and has it open, writes to the one that was replaced.
    await new Promise((resolve) => setTimeout(resolve, SAVING_MS));
    const late = readFileSync(handle);
    if (isBlank(late)) return;
    if (readFileSync(target).equals(bytes)) writeDurable(target, late, { tmpDir });
  } finally {
    closeSync(handle);
  }
}
