import { createHash } from "node:crypto";
import { existsSync, readFileSync, utimesSync } from "node:fs";
import path from "node:path";
import { constants, deflateSync, inflateSync } from "node:zlib";
import { AyoError } from "../../error.ts";
import { ensureDir, mapFsError, writeDurable } from "../disk/durable.ts";
import type { Flush } from "../disk/flush.ts";
import { alternatesOf, type ObjectSource } from "../repository/alternates.ts";
import type { Repository } from "../repository/repository.ts";

/** Git's four kinds of objects, less tags. */
export type ObjectType = "blob" | "tree" | "commit";

/** An object's type and content. */
export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The id that git gives an object: SHA-1 over header and content, 40 hex digits. */
export function hashObject(type: ObjectType, bytes: Buffer): string {
  return createHash("sha1").update(`${type} ${bytes.length}\0`).update(bytes).digest("hex");
}

/**
 * Stores a loose object durably and returns its id. One that exists already is verified and its age refreshed,
 * so that `git gc` does not prune what a commit of ours is about to need.
 * @throws disk_full, store_not_writable
 */
export function writeObject(repository: Repository, type: ObjectType, bytes: Buffer): string {
  const oid = hashObject(type, bytes);
  const file = loosePath(repository, oid);
  if (existsSync(file) && refreshIfWhole(file, oid)) return oid;
  ensureDir(path.dirname(file));
  writeDurable(file, looseBytes(type, bytes), { tmpDir: path.dirname(file), mode: 0o444 });
  return oid;
}

/** The same as part of a flush: the object is there and safe when that is done. */
export function stageObject(repository: Repository, type: ObjectType, bytes: Buffer, flush: Flush): string {
  const oid = hashObject(type, bytes);
  const file = loosePath(repository, oid);
  if (existsSync(file) && refreshIfWhole(file, oid)) return oid;
  const folder = path.dirname(file);
  if (!existsSync(folder)) flush.folder(path.dirname(folder));
  flush.rename(flush.write(folder, looseBytes(type, bytes), file, 0o444), file);
  return oid;
}

/**
 * A tree that is longer is stored as it is. Ids hardly get smaller, and of a folder of 10,000 tickets squeezing and
 * unfolding it would take longer than all the rest of a commit.
 */
const STORED_TREE = 32 * 1024;
/** What zlib makes room for at once, at most; by default 16 KB at a time. */
const MAX_CHUNK = 1024 * 1024;

/** An object as a file of its own; speed counts more than size, since packing makes it small (packLoose.ts). */
function looseBytes(type: ObjectType, bytes: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  if (type !== "tree" || bytes.length < STORED_TREE) return deflateSync(content, { level: constants.Z_BEST_SPEED });
  const room = content.length + (content.length >> 10) + 64;
  return deflateSync(content, { level: constants.Z_NO_COMPRESSION, memLevel: 9, chunkSize: room });
}

/** Whether an object is stored on its own, whole or damaged. */
export function hasLooseObject(repository: Repository, oid: string): boolean {
  return existsSync(loosePath(repository, oid));
}

/** Whether the repository has an object that can be read, loose or packed. */
export async function objectExists(repository: Repository, oid: string): Promise<boolean> {
  return (await findObject(repository, oid)) !== undefined;
}

/**
 * Reads an object, loose or packed, its own or borrowed from another repository.
 * @throws not_found when the repository does not have it, or has it damaged
 */
export async function readObject(repository: Repository, oid: string): Promise<GitObject> {
  const found = await findObject(repository, oid);
  if (found !== undefined) return found;
  throw new AyoError("not_found", `git object ${oid} is missing or damaged`, { try: ["ayo", "doctor"], data: { oid } });
}

/**
 * Reads a loose object; undefined when there is none or it is damaged.
 * @throws store_not_writable when it may not be read
 */
export function readObjectSync(repository: Pick<Repository, "commonDir">, oid: string): GitObject | undefined {
  const file = loosePath(repository, oid);
  try {
    return parseLoose(readFileSync(file));
  } catch (error) {
    const mapped = mapFsError(error, file);
    if (mapped instanceof AyoError) throw mapped;
    return undefined;
  }
}

async function findObject(repository: Repository, oid: string): Promise<GitObject | undefined> {
  if (!/^[0-9a-f]{40}$/.test(oid)) return undefined;
  const own = await findIn(repository, oid);
  if (own !== undefined) return own;
  // Most borrow from nobody, and most of what is read is there.
  for (const place of alternatesOf(repository)) {
    const found = await findIn(place, oid);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findIn(place: ObjectSource, oid: string): Promise<GitObject | undefined> {
  const loose = readObjectSync(place, oid);
  if (loose !== undefined) return loose;
  const { readFromPacks } = await import("./readFromPacks.ts");
  const found = readFromPacks(place.commonDir, oid);
  if (found === "absent") return undefined;
  if (found !== "unsure" && hashObject(found.type as ObjectType, found.bytes) === oid) return found;
  const { readPackedObject } = await import("./isomorphic.ts");
  return readPackedObject(place, oid);
}
/** Where a loose object lies. */
export function loosePath({ commonDir }: Pick<Repository, "commonDir">, oid: string): string {
  return path.join(commonDir, "objects", oid.slice(0, 2), oid.slice(2));
}

function parseLoose(packed: Buffer): GitObject | undefined {
  // What was stored as it is comes out in one piece.
  const chunkSize = Math.min(Math.max(packed.length, constants.Z_DEFAULT_CHUNK), MAX_CHUNK);
  const content = inflateSync(packed, { chunkSize });
  const end = content.indexOf(0);
  const [, type, size] = /^(blob|tree|commit|tag) (\d+)$/.exec(content.toString("latin1", 0, Math.max(0, end))) ?? [];
  const bytes = content.subarray(end + 1);
  return type !== undefined && Number(size) === bytes.length ? { type, bytes } : undefined;
}

function refreshIfWhole(file: string, oid: string): boolean {
  try {
    const object = parseLoose(readFileSync(file));
    if (object === undefined || hashObject(object.type as ObjectType, object.bytes) !== oid) return false;
    const now = new Date();
    utimesSync(file, now, now);
    return true;
  } catch {
    return false;
  }
}
