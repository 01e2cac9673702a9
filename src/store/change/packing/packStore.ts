import { readFileSync, rmSync, statSync } from "node:fs";
import { setPriority } from "node:os";
import path from "node:path";
import { createExclusive } from "../../../git/disk/durable.ts";
import { type Packing, packLoose } from "../../../git/packing/packLoose.ts";
import type { Host } from "../../../host.ts";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../../processes.ts";
import type { Store } from "../../open/store.ts";
import { unlessGc } from "./gcLock.ts";

/** A lock of a packer of which nothing is known counts for so long. */
const FORGET_MS = 60 * 60 * 1000;
/** Whoever asks for a command gets the processor before a packer does. */
const NICE = 10;

/**
 * Packs a store now; undefined where another packer or a `git gc` is at it, or where there is nothing of the store's own to pack.
 * @throws the system's own errors; nothing was changed then
 */
export function packStore({ host, journal }: Pick<Store, "host" | "journal">): Packing | undefined {
  if (journal?.mode !== "own") return undefined;
  const lock = path.join(journal.stateDir, "packing.lock");
  if (!take(lock, path.join(journal.stateDir, "tmp"), host)) return undefined;
  try {
    return unlessGc(journal.repository, host.pid, () => packLoose(journal.repository));
  } finally {
    rmSync(lock, { force: true });
  }
}

/** What the process does that packSometimes.ts starts; its exit status. */
export function runPacker(store: Store): number {
  setPriority(NICE);
  packStore(store);
  return 0;
}

/** Two packers would do no harm, but the same work twice. */
function take(lock: string, tmpDir: string, host: Host): boolean {
  const mine = Buffer.from(JSON.stringify(processIdentity(host.pid)));
  if (createExclusive(lock, mine, tmpDir)) return true;
  if (!isLeft(lock, host.now())) return false;
  rmSync(lock, { force: true });
  return createExclusive(lock, mine, tmpDir);
}

/** Whether who took a lock is gone. */
function isLeft(lock: string, now: number): boolean {
  try {
    const holder = JSON.parse(readFileSync(lock, "utf8")) as ProcessIdentity;
    if (isProvablyDead(holder)) return true;
  } catch {
    // Damaged, or just given back: its age decides.
  }
  const stat = statSync(lock, { throwIfNoEntry: false });
  return stat !== undefined && now - stat.mtimeMs > FORGET_MS;
}
