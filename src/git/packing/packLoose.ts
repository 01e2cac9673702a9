import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { ensureDir, syncDir } from "../disk/durable.ts";
import { KeptObjects } from "../objects/keptObjects.ts";
import { type GitObject, hashObject, type ObjectType, readObjectSync } from "../objects/objects.ts";
import { readFromPacks } from "../objects/readFromPacks.ts";
import { namesIn, type Repository } from "../repository/repository.ts";
import { looseIds, removeLoose } from "./looseFiles.ts";
import { TEMPORARY_PACK, type TemporaryPack, writePackFile } from "./packFile.ts";
import { hasIndexOverPacks, keepListed, listedPacks, MAX_FILE, MAX_PACKS, notePack } from "./packList.ts";
import { type Planned, planPack } from "./packPlan.ts";
import { verifyPack } from "./packVerify.ts";

/** A pack that is longer stays as it is; so much of packs and of loose files becomes one at once. In bytes. */
const MAX_PACK = 256 * 1024 * 1024;
const MAX_MERGED = 512 * 1024 * 1024;
const MAX_LOOSE = 1024 * 1024 * 1024;
/** What is kept of the objects that are compared with the next one, in bytes. */
const MAX_KEPT = 32 * 1024 * 1024;

/** What was packed. */
export interface Packing {
  readonly objects: number;
  /** Packs that became part of the new one. */
  readonly merged: number;
}

/**
 * Packs every whole loose object of a store's own repository, and merges packs of ours where they have become many.
 * Nothing is lost whenever it is killed, and whoever reads or writes meanwhile: a loose file or an old pack goes only
 * when the new pack was read back and is synced, and nothing is judged to be unneeded. It asks neither git nor the
 * configuration.
 * @throws the system's own errors, and Error where the pack is not what it should be; nothing was changed then
 */
export function packLoose(repository: Repository): Packing {
  const folder = path.join(repository.commonDir, "objects", "pack");
  ensureDir(folder);
  // Packs that lie elsewhere are somebody else's business.
  if (!lstatSync(folder).isDirectory()) return { objects: 0, merged: 0 };
  // Whoever packs holds the packer's lock, so that nobody is at work at these.
  for (const name of namesIn(folder)) if (TEMPORARY_PACK.test(name)) rmSync(path.join(folder, name), { force: true });
  const old = mergeable(repository, folder);
  const read = reader(repository);
  const loose = looseIds(repository, { each: MAX_FILE, together: MAX_LOOSE });
  const types = new Map<string, Planned["type"]>();
  for (const oid of [...loose, ...[...old.values()].flatMap((ids) => [...ids])]) {
    const object = types.has(oid) ? undefined : read.whole(oid);
    if (object !== undefined) types.set(oid, object.type as Planned["type"]);
  }
  if (types.size === 0) return { objects: 0, merged: 0 };
  const { name: fresh, verified } = publish(
    repository,
    folder,
    writePackFile(folder, planPack(types, read.object), read.object),
  );
  // A `git gc` of somebody's, or another packer where this one stood still, may have taken it away already.
  const isThere = (): boolean => ["pack", "idx"].every((ending) => existsSync(path.join(folder, `${fresh}.${ending}`)));
  if (isThere())
    removeLoose(
      repository,
      loose.filter((oid) => verified.has(oid)),
    );
  const merged = [...old].filter(([name, ids]) => isThere() && removePack(folder, name, ids, verified));
  keepListed(repository, (name) => existsSync(path.join(folder, `${name}.pack`)));
  return { objects: verified.size, merged: merged.length };
}

/**
 * Gives a pack its name when all of it was read back; the name, and the ids in it. No two packs ever have one name: by
 * that of its content, one that comes to be the same as an old one would be removed as that.
 */
function publish(
  repository: Repository,
  folder: string,
  { pack, index }: TemporaryPack,
): { readonly name: string; readonly verified: ReadonlySet<string> } {
  const name = `pack-${randomBytes(20).toString("hex")}`;
  try {
    const verified = verifyPack(pack, index);
    notePack(repository, name);
    renameSync(pack, path.join(folder, `${name}.pack`));
    renameSync(index, path.join(folder, `${name}.idx`));
    syncDir(folder);
    return { name, verified };
  } catch (error) {
    for (const file of [pack, index]) rmSync(file, { force: true });
    throw error;
  }
}

/** Packs of ours that may become one, with what is in them: none that git was told to keep, or another index names. */
function mergeable(repository: Repository, folder: string): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  if (hasIndexOverPacks(repository)) return found;
  const sizes = new Map<string, number>();
  for (const name of listedPacks(repository)) {
    const size = statSync(path.join(folder, `${name}.pack`), { throwIfNoEntry: false })?.size;
    const isApart = ["keep", "promisor", "mtimes"].some((ending) => existsSync(path.join(folder, `${name}.${ending}`)));
    if (size !== undefined && !isApart && existsSync(path.join(folder, `${name}.idx`))) sizes.set(name, size);
  }
  // What is too long to be merged ever is no reason to begin again and again.
  const isLong = (name: string): boolean => (sizes.get(name) ?? 0) >= MAX_PACK;
  keepListed(repository, (name) => !isLong(name));
  for (const name of [...sizes.keys()].filter(isLong)) sizes.delete(name);
  if (sizes.size <= MAX_PACKS) return found;
  let [bytes, objects] = [0, 0];
  const counts = [...sizes].map(([name, size]) => ({ name, size, count: objectsIn(path.join(folder, `${name}.idx`)) }));
  for (const { name, size, count } of counts.sort((left, right) => left.count - right.count)) {
    bytes += size;
    // Else what was merged once would be taken apart again and again, as long as the store grows.
    if (bytes > MAX_MERGED || (found.size > 1 && count > MAX_SHARE * objects)) break;
    try {
      found.set(name, verifyPack(path.join(folder, `${name}.pack`), path.join(folder, `${name}.idx`)));
      objects += count;
    } catch {
      // A damaged one stays where it is: `doctor` tells, and mends it.
    }
  }
  return found;
}

/** A pack with so many times the objects of all smaller ones stays one of its own. */
const MAX_SHARE = 2;

/** How many objects a pack has, by the size of its index. */
function objectsIn(index: string): number {
  const size = statSync(index, { throwIfNoEntry: false })?.size ?? 0;
  return Math.max(0, Math.floor((size - INDEX_BYTES) / 28));
}

/** What is in an index besides 28 bytes an object. */
const INDEX_BYTES = 8 + 1024 + 40;

/** Takes a pack away all of whose objects are in the new one; the index first, so that nobody begins to read it. */
function removePack(folder: string, name: string, ids: ReadonlySet<string>, verified: ReadonlySet<string>): boolean {
  if (![...ids].every((oid) => verified.has(oid))) return false;
  for (const ending of ["idx", "rev", "bitmap", "pack"])
    rmSync(path.join(folder, `${name}.${ending}`), { force: true });
  return true;
}

interface Reader {
  /** Undefined for what is not there, or is not what its id says. */
  whole(oid: string): GitObject | undefined;
  /** @throws Error where it is gone */
  object(oid: string): GitObject;
}

/** Of the last objects some are kept: each is compared with the next one. */
function reader(repository: Repository): Reader {
  const kept = new KeptObjects<string, GitObject>(MAX_KEPT);
  const find = (oid: string): GitObject | undefined => {
    const loose = readObjectSync(repository, oid);
    if (loose !== undefined) return loose;
    const packed = readFromPacks(repository.commonDir, oid);
    return typeof packed === "string" ? undefined : packed;
  };
  const whole = (oid: string): GitObject | undefined => {
    let found: GitObject | undefined;
    try {
      found = find(oid);
    } catch (error) {
      // What this user may not read is left to whoever may.
      if (!(error instanceof AyoError)) throw error;
    }
    return found !== undefined && hashObject(found.type as ObjectType, found.bytes) === oid ? found : undefined;
  };
  const object = (oid: string): GitObject => {
    const found = kept.get(oid) ?? find(oid);
    if (found === undefined) throw new Error(`${oid} is gone`);
    kept.set(oid, found);
    return found;
  };
  return { whole, object };
}
