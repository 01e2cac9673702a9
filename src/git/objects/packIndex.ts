import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { namesIn, type Repository } from "../repository/repository.ts";

/** A pack that cannot be relied on. */
export interface BadPack {
  /** Absolute: the `.pack`. */
  readonly file: string;
  readonly state: "damaged" | "no index" | "damaged index";
}

const HEADER = 8;
const FANOUT = 1024;

/** The ids of every packed object, as the packs' indexes list them. */
export function* packedIds({ commonDir }: Repository): Generator<string> {
  const folder = path.join(commonDir, "objects", "pack");
  for (const name of namesIn(folder).filter((one) => one.endsWith(".idx"))) {
    const bytes = read(path.join(folder, name));
    if (bytes === undefined || bytes.length < HEADER + FANOUT || bytes.readUInt32BE(0) !== 0xff744f63) continue;
    const count = bytes.readUInt32BE(HEADER + FANOUT - 4);
    const end = Math.min(HEADER + FANOUT + count * 20, bytes.length - 20);
    for (let at = HEADER + FANOUT; at + 20 <= end; at += 20) yield bytes.toString("hex", at, at + 20);
  }
}

/** The packs whose own checksum, or whose index, is wrong. */
export function checkPacks({ commonDir }: Repository): BadPack[] {
  const folder = path.join(commonDir, "objects", "pack");
  return namesIn(folder)
    .filter((name) => /^pack-.*\.pack$/.test(name))
    .flatMap((name): BadPack[] => {
      const file = path.join(folder, name);
      if (!isSealed(file)) return [{ file, state: "damaged" }];
      const index = file.replace(/pack$/, "idx");
      if (!existsSync(index)) return [{ file, state: "no index" }];
      return isSealed(index) ? [] : [{ file, state: "damaged index" }];
    });
}

/** What git derives from its objects to be fast, where it is damaged; git makes it again or does without. */
export function damagedDerived({ commonDir }: Repository): string[] {
  const objects = path.join(commonDir, "objects");
  const below = (folder: string): string[] =>
    namesIn(path.join(objects, folder)).map((name) => path.join(objects, folder, name));
  const files = [path.join(objects, "info", "commit-graph"), ...below("info/commit-graphs"), ...below("pack")];
  return files.filter(
    (file) =>
      /(?:commit-graph|\.graph|multi-pack-index|\.rev|\.bitmap)$/.test(file) && existsSync(file) && !isSealed(file),
  );
}

/** All of git's binary files end in the checksum of all that is before it. */
function isSealed(file: string): boolean {
  const bytes = read(file);
  if (bytes === undefined || bytes.length < 32) return false;
  return createHash("sha1").update(bytes.subarray(0, -20)).digest().equals(bytes.subarray(-20));
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
