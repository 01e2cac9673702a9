import { statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { isTopTicket } from "../open/entry.ts";
import type { Store } from "../open/store.ts";

/** A file that was changed this long ago may be half of a save. In milliseconds, like all below. */
const RECENT_MS = 1_000;
/** How long half of a save is waited for. */
const SAVING_MS = 2_000;
const STEP_MS = 15;

/**
 * Waits a little where a change was refused for a ticket that somebody may be saving just now: it reads as none, or is
 * not there. False where that is not so, or has been so for too long; `since` is when it was first so.
 */
export async function awaitSave(store: Store, error: unknown, since: number): Promise<boolean> {
  if (!(error instanceof AyoError) || performance.now() - since > SAVING_MS) return false;
  const isRecent =
    error.code === "bad_ticket"
      ? isFresh(store, String(error.data?.path ?? ""))
      : error.code === "not_found" && hasLostTicket(store) && isFresh(store, "");
  if (isRecent) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  return isRecent;
}

/** Whether a file, or ("") the folder, has changed just now. */
function isFresh({ dir, host }: Store, file: string): boolean {
  const stat = statSync(path.join(dir, file), { throwIfNoEntry: false });
  return stat === undefined || Math.abs(host.now() - stat.mtimeMs) < RECENT_MS;
}

/** Whether a ticket that was committed is not on the disk. */
function hasLostTicket({ index }: Store): boolean {
  for (const [file, oid] of index?.uncommitted ?? []) {
    if (oid !== null && isTopTicket(file) && index?.entries.has(file) === false) return true;
  }
  return false;
}
