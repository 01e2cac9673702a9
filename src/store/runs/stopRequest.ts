import { statSync } from "node:fs";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";
import { type RunName, runFile } from "./record.ts";

/** Somebody wants a run to end. */
export interface StopRequest {
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

type Place = Pick<Store, "dir" | "host">;

/** Asks whoever looks after a run to end it. @throws store_not_writable, disk_full */
export function askToStop(place: Place, run: RunName, request: StopRequest): void {
  writePrivate(runFile(place, run, "stop.json"), `${JSON.stringify(request)}\n`);
}

/** Whether somebody asked for the end of a run. */
export function readStop(place: Place, run: RunName): StopRequest | undefined {
  const file = runFile(place, run, "stop.json");
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  const read = readStoreFile(file, { limit: 4096 });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    return JSON.parse(read.bytes.toString("utf8")) as StopRequest;
  } catch {
    return { by: "somebody", at: "" };
  }
}
