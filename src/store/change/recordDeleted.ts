import { DELETED_FILE, withDeleted, withoutDeleted } from "../disk/deleted.ts";
import type { Draft } from "./draft.ts";

/** Adds ids to the record of deleted ones as part of a change. */
export function recordDeleted(draft: Draft, dir: string, ids: readonly string[]): void {
  draft.put(DELETED_FILE, withDeleted(dir, ids));
}

/** Takes ids from the record: their tickets are back. Call it once a change. */
export function recordRestored(draft: Draft, dir: string, ids: readonly string[]): void {
  draft.put(DELETED_FILE, withoutDeleted(dir, ids));
}
