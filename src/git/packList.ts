import { statSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "./durable.ts";
import { namesIn, type Repository, readText } from "./repository.ts";

/** More packs of ours than this become one. */
export const MAX_PACKS = 20;
/** Where packing begins to be worth it: loose files, and their bytes. */
const MANY_FILES = 2_000;
const MANY_BYTES = 16 * 1024 * 1024;
/** The folders that are looked at, of 256: ids are evenly spread. */
const SAMPLE = ["00", "20", "40", "60", "80", "a0", "c0", "e0"];

/** In ayo's folder of the git directory: the names of the packs that ayo wrote, one a line. Only those are ever merged. */
const LIST = path.join("ayo", "packs");

/** Notes that a pack is ours. */
export function notePack(repository: Repository, name: string): void {
  write(repository, [...listedPacks(repository), name]);
}

/** The packs that are ours, as far as is known. */
export function listedPacks({ gitDir }: Repository): string[] {
  const names = readText(path.join(gitDir, LIST)).split("\n");
  return [...new Set(names)].filter((name) => /^pack-[0-9a-f]{40}$/.test(name));
}

/** Strikes those that are gone. */
export function keepListed(repository: Repository, isThere: (name: string) => boolean): void {
  const names = listedPacks(repository);
  const left = names.filter(isThere);
  if (left.length < names.length) write(repository, left);
}

function write({ gitDir }: Repository, names: readonly string[]): void {
  const text = names.map((name) => `${name}\n`).join("");
  writeDurable(path.join(gitDir, LIST), Buffer.from(text), { tmpDir: path.join(gitDir, "ayo", "tmp") });
}

/** Whether there are so many loose files, so large ones or so many packs that packing is worth it; a guess from a part. */
export function isWorthPacking(repository: Repository): boolean {
  if (listedPacks(repository).length > MAX_PACKS) return true;
  const objects = path.join(repository.commonDir, "objects");
  let [files, bytes] = [0, 0];
  for (const folder of SAMPLE) {
    for (const name of namesIn(path.join(objects, folder))) {
      files++;
      bytes += statSync(path.join(objects, folder, name), { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  const share = 256 / SAMPLE.length;
  return files * share > MANY_FILES || bytes * share > MANY_BYTES;
}
