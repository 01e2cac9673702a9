import { readdirSync } from "node:fs";
import path from "node:path";
import { makeFolders } from "../../folderOwner.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { homeFolder } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";
import { appendPrivate } from "../open/writePrivate.ts";

type Place = Pick<Store, "dir" | "host">;

const MAX_BYTES = 1024 * 1024;
const KEEP_DAYS = 7;

/** The runs of a pipeline that this machine began on a day: also those that were archived or deleted since. */
export function begunHere(place: Place, pipeline: string, day: string): readonly string[] {
  const read = readStoreFile(path.join(folderOf(place), fileFor(pipeline, day)), { limit: MAX_BYTES });
  return read === undefined || read instanceof Unread ? [] : read.bytes.toString("utf8").split("\n").filter(Boolean);
}

/** Says that this machine began a run. @throws disk_full, store_not_writable */
export function keepBegun(place: Place, pipeline: string, day: string, run: string): void {
  const folder = folderOf(place);
  makeFolders(folder, 0o700);
  sweep(folder, new Date(place.host.now() - KEEP_DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10));
  appendPrivate(path.join(folder, fileFor(pipeline, day)), `${run}\n`);
}

function sweep(folder: string, before: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith("begun-") && name.slice("begun-".length) < before) removeFile(path.join(folder, name));
  }
}

function fileFor(pipeline: string, day: string): string {
  return `begun-${day}-${pipeline}`;
}

function folderOf(place: Place): string {
  return homeFolder(place, "pipelines");
}
