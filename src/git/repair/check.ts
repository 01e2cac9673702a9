import { existsSync } from "node:fs";
import path from "node:path";
import { parseCommit } from "../commits/commit.ts";
import {
  type GitObject,
  hashObject,
  hasLooseObject,
  loosePath,
  type ObjectType,
  readObjectSync,
} from "../objects/objects.ts";
import { readFromPacks } from "../objects/readFromPacks.ts";
import { isOid } from "../repository/oid.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";

/** An object that a commit needs and that cannot be read. */
export interface LostObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly state: "missing" | "damaged";
  /** The newest commit that needs it; for a commit its own id. */
  readonly commit: string;
  /** Its path in that commit: "" for the commit itself and for the top folder. */
  readonly path: string;
}

/** How much of a history is checked. */
export interface CheckScope {
  /** Only this folder of each commit; "" checks everything. */
  readonly prefix?: string;
  /** How many commits, the newest first. */
  readonly limit?: number;
}

const HISTORY = 1_000;

/** What a check found. */
export interface ObjectCheck {
  /** What `tip` itself needs first. */
  readonly lost: readonly LostObject[];
  /** Whether a commit that was checked needs an object. */
  readonly isNeeded: (oid: string) => boolean;
}

/**
 * Reads every object that the last commits up to `tip` need, verifies its hash, and returns those that are missing
 * or damaged. A shallow clone's edge is no damage.
 */
export async function checkObjects(
  repository: Repository,
  tip: string,
  { prefix = "", limit = HISTORY }: CheckScope = {},
): Promise<ObjectCheck> {
  const walk: Walk = { repository, seen: new Set([binary(tip)]), lost: [] };
  const shallow = new Set(readText(path.join(repository.commonDir, "shallow")).split("\n"));
  const folders = prefix.split("/").filter((name) => name !== "");
  const queue = [tip];
  for (let at = 0; at < queue.length && at < limit; at++) {
    const oid = queue[at] as string;
    const bytes = await take(walk, { oid, type: "commit", commit: oid, path: "" });
    if (bytes === undefined) continue;
    const { tree, parents } = parseCommit(bytes);
    await checkTree(walk, { oid: tree, type: "tree", commit: oid, path: "" }, folders);
    if (!shallow.has(oid)) queue.push(...parents.filter((parent) => isNew(walk, parent)));
  }
  return { lost: walk.lost, isNeeded: (oid) => walk.seen.has(binary(oid)) };
}

/** The loose objects that a check did not come by, with what they hold; those that cannot be read as "damaged". */
export function looseObjects(
  repository: Repository,
  { isNeeded }: Pick<ObjectCheck, "isNeeded">,
): Map<string, GitObject | "damaged"> {
  const found = new Map<string, GitObject | "damaged">();
  const objects = path.join(repository.commonDir, "objects");
  for (const folder of namesIn(objects).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const oid of namesIn(path.join(objects, folder)).map((name) => folder + name)) {
      if (!isOid(oid) || isNeeded(oid)) continue;
      const what = readWhole(repository, oid);
      // One that was just packed is gone, and not damaged.
      if (what !== undefined || hasLooseObject(repository, oid)) found.set(oid, what ?? "damaged");
    }
  }
  return found;
}

/** A loose object that is what its id says; undefined where it is damaged, or not there. */
export function readWhole(repository: Repository, oid: string): GitObject | undefined {
  const object = readObjectSync(repository, oid);
  return object !== undefined && hashObject(object.type as ObjectType, object.bytes) === oid ? object : undefined;
}

/** Whether a commit and all its folders can be read; its files may be damaged. */
export async function isReadableCommit(repository: Repository, oid: string): Promise<boolean> {
  const { lost } = await checkObjects(repository, oid, { limit: 1 });
  return lost.every(({ type }) => type === "blob");
}

/** An object's bytes if they are what its id says; "missing" or "damaged" otherwise. */
export async function inspectObject(
  repository: Repository,
  oid: string,
  type: ObjectType,
): Promise<Buffer | LostObject["state"]> {
  const isWhole = (bytes: Buffer): boolean => hashObject(type, bytes) === oid;
  const loose = readObjectSync(repository, oid);
  if (loose !== undefined) return loose.type === type && isWhole(loose.bytes) ? loose.bytes : "damaged";
  if (existsSync(loosePath(repository, oid))) return "damaged";
  // Versions that are differences to one another are read from one another, which takes this reader no time.
  const quick = readFromPacks(repository.commonDir, oid);
  if (typeof quick !== "string" && quick.type === type && isWhole(quick.bytes)) return quick.bytes;
  const { readPackedObject } = await import("../objects/isomorphic.ts");
  const packed = await readPackedObject(repository, oid);
  if (packed === undefined) return "missing";
  return packed.type === type && isWhole(packed.bytes) ? packed.bytes : "damaged";
}

interface Walk {
  readonly repository: Repository;
  /** Ids as 20 characters of latin1. */
  readonly seen: Set<string>;
  readonly lost: LostObject[];
}

type Wanted = Omit<LostObject, "state">;

async function take(walk: Walk, wanted: Wanted): Promise<Buffer | undefined> {
  const found = await inspectObject(walk.repository, wanted.oid, wanted.type);
  if (typeof found !== "string") return found;
  walk.lost.push({ ...wanted, state: found });
  return undefined;
}

/** Checks a tree once; with `folders` only the way down to the last of them, and all that is below. */
async function checkTree(walk: Walk, wanted: Wanted, folders: readonly string[]): Promise<void> {
  if (!isNew(walk, wanted.oid)) return;
  const bytes = await take(walk, wanted);
  if (bytes === undefined) return;
  const [only, ...below] = folders;
  for (const { mode, name, oid } of unseen(walk, bytes, only)) {
    const inside = { oid, commit: wanted.commit, path: wanted.path === "" ? name : `${wanted.path}/${name}` };
    if (mode === "40000") await checkTree(walk, { ...inside, type: "tree" }, below);
    // A submodule's commit lies in another repository.
    else if (mode !== "160000" && isNew(walk, oid)) await take(walk, { ...inside, type: "blob" });
  }
}

interface Line {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

/** A tree's lines without those that were checked before: of 10,000 in a folder, a commit changes one. */
function* unseen({ seen }: Walk, bytes: Buffer, only: string | undefined): Generator<Line> {
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0) return;
    const start = at;
    at = end + 21;
    if (seen.has(bytes.toString("latin1", end + 1, at))) continue;
    const name = bytes.toString("utf8", space + 1, end);
    if (only !== undefined && name !== only) continue;
    yield { mode: bytes.toString("latin1", start, space), name, oid: bytes.toString("hex", end + 1, at) };
  }
}

function isNew({ seen }: Walk, oid: string): boolean {
  const key = binary(oid);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function binary(oid: string): string {
  return Buffer.from(oid, "hex").toString("latin1");
}
