import path from "node:path";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { homeFolder } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";

type Place = Pick<Store, "dir" | "host">;

/** An event that a pipeline would have acted on, if its file had been as it was allowed. */
export interface Missed {
  readonly pipeline: string;
  /** The id of the event; of a run that it would have gone on with, `run:<id>`. */
  readonly event: string;
}

const MOST = 1000;
const MAX_BYTES = 1024 * 1024;

/** What pipelines of this machine have to catch up with once their files are as they were, the oldest first. */
export function missedOf(place: Place): readonly Missed[] {
  const read = readStoreFile(fileOf(place), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return [];
  const lines = read.bytes.toString("utf8").split("\n");
  return lines.flatMap((line) => {
    const [pipeline, event] = line.split(" ");
    return pipeline === undefined || event === undefined ? [] : [{ pipeline, event }];
  });
}

/** Keeps one more; false where there are so many that it is not kept. @throws disk_full, store_not_writable */
export function keepMissed(place: Place, { pipeline, event }: Missed): boolean {
  const known = missedOf(place);
  if (known.some((one) => one.pipeline === pipeline && one.event === event)) return true;
  if (known.length >= MOST) return false;
  write(place, [...known, { pipeline, event }]);
  return true;
}

/** Forgets what a pipeline caught up with. @throws disk_full, store_not_writable */
export function forgetMissed(place: Place, pipeline: string): void {
  write(
    place,
    missedOf(place).filter((one) => one.pipeline !== pipeline),
  );
}

function write(place: Place, missed: readonly Missed[]): void {
  writePrivate(fileOf(place), missed.map(({ pipeline, event }) => `${pipeline} ${event}\n`).join(""));
}

function fileOf(place: Place): string {
  return path.join(homeFolder(place, "pipelines"), "missed");
}
