import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { writeDurable } from "../disk/durable.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";

/** More packs of ours than this become one. */
export const MAX_PACKS = 20;
/** A loose file that is longer stays one: whoever packs it has all of it in memory, more than once. In bytes. */
export const MAX_FILE = 128 * 1024 * 1024;
/** Where packing begins to be worth it: loose files, and their bytes. */
const MANY_FILES = 2_000;
const MANY_BYTES = 16 * 1024 * 1024;
/** The folders that are looked at, of 256: ids are evenly spread, but large folders of tickets are few. */
const SAMPLE = Array.from({ length: 32 }, (_, n) => (n * 8).toString(16).padStart(2, "0"));

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
  const objects = path.join(repository.commonDir, "objects");
  if (listedPacks(repository).length > MAX_PACKS && !hasIndexOverPacks(repository)) return true;
  const share = 256 / SAMPLE.length;
  let [files, bytes] = [0, 0];
  for (const folder of SAMPLE) {
    const names = namesIn(path.join(objects, folder));
    files += names.length;
    if (files * share > MANY_FILES) return true;
    for (const name of names) {
      const size = statSync(path.join(objects, folder, name), { throwIfNoEntry: false })?.size ?? 0;
      if (size <= MAX_FILE) bytes += size;
    }
  }
  return bytes * share > MANY_BYTES;
}

/** Whether git has an index over several packs, which would name packs that are gone. */
export function hasIndexOverPacks({ commonDir }: Repository): boolean {
  return ["multi-pack-index", "multi-pack-index.d"].some((name) =>
    existsSync(path.join(commonDir, "objects", "pack", name)),
  );
}
