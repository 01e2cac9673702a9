import { randomUUID } from "node:crypto";
import { newRunFolder, type RunRecord, writeRun } from "../../src/store/runs/record.ts";
import type { TempStore } from "./tempStore.ts";

/** Writes the record of a run that is over, as a dispatcher would. */
export function aRun(store: TempStore, ticket: string, more: Partial<RunRecord> = {}): RunRecord {
  const { dir, host } = store.open();
  const n = newRunFolder({ dir, host }, ticket);
  const known = { run: randomUUID(), ticket, n, store: dir, inode: "0:0", agent: "@coder", token: "t" } as const;
  const how = {
    adapter: "command",
    state: "ended",
    outcome: "ok",
    tries: 1,
    isResumed: false,
    isReview: false,
  } as const;
  const record: RunRecord = { schema: 1, ...known, ...how, at: new Date().toISOString(), ...more };
  return writeRun({ dir, host }, record);
}
