import { readFileSync } from "node:fs";
import path from "node:path";
import { mapFsError } from "../disk/durable.ts";
import { indexNames } from "../index/indexNames.ts";
import { isOid } from "../repository/oid.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";
import { treeAt } from "../trees/lsTree.ts";
import { packedRefs, readHead } from "./refs.ts";

/** The first local or remote-tracking branch whose commit has the folder `prefix`; undefined when none has. */
export async function branchTracking(repository: Repository, prefix: string): Promise<string | undefined> {
  const seen = new Map<string, boolean>();
  for (const [ref, oid] of branches(repository)) {
    let tracks = seen.get(oid);
    if (tracks === undefined) {
      tracks = await has(repository, oid, prefix);
      seen.set(oid, tracks);
    }
    if (tracks) return ref.replace(/^refs\/(heads|remotes)\//, "");
  }
  return undefined;
}

/**
 * Whether the worktree's index has anything at or under `prefix`, also an index that we could not write: versions 2
 * to 4, split, sparse; one that nobody can read counts as having it when it has the bytes of the name.
 * @throws store_not_writable when it may not be read
 */
export function isTracked(repository: Repository, prefix: string): boolean {
  const bytes = readOrNothing(path.join(repository.gitDir, "index"));
  if (bytes === undefined) return false;
  const shared = namesIn(repository.gitDir).filter((name) => /^sharedindex\.[0-9a-f]{40}$/.test(name));
  return [bytes, ...shared.map((name) => readOrNothing(path.join(repository.gitDir, name)))].some(
    (index) => index !== undefined && hasBelow(index, prefix),
  );
}

/** Every branch with its commit, HEAD's first. */
export function branches(repository: Repository): Map<string, string> {
  const found = new Map<string, string>();
  const head = readHead(repository);
  if (head.oid !== undefined) found.set(head.ref ?? "HEAD", head.oid);
  for (const [ref, oid] of packedRefs(repository.commonDir))
    if (/^refs\/(heads|remotes)\//.test(ref)) found.set(ref, oid);
  for (const folder of ["refs/heads", "refs/remotes"]) collect(repository.commonDir, folder, found);
  return found;
}

/** The local branches with their commits, in no order. */
export function localBranches({ commonDir }: Repository): readonly (readonly [ref: string, oid: string])[] {
  const found = new Map([...packedRefs(commonDir)].filter(([ref]) => ref.startsWith("refs/heads/")));
  collect(commonDir, "refs/heads", found);
  return [...found];
}

function collect(commonDir: string, ref: string, found: Map<string, string>): void {
  if (ref.endsWith(".lock")) return;
  const oid = readText(path.join(commonDir, ref)).trim();
  if (isOid(oid)) found.set(ref, oid);
  else for (const name of namesIn(path.join(commonDir, ref))) collect(commonDir, `${ref}/${name}`, found);
}

function hasBelow(index: Buffer, prefix: string): boolean {
  const isCompressed = index.length >= 8 && index.readUInt32BE(4) === 4;
  if (!isCompressed && !index.includes(prefix)) return false;
  try {
    for (const name of indexNames(index)) {
      if (name === prefix || name.startsWith(`${prefix}/`)) return true;
    }
    return false;
  } catch {
    return index.includes(`${prefix}/`);
  }
}

/** An object that is not there (shallow or partial clone) tracks nothing that a checkout could write. */
async function has(repository: Repository, oid: string, prefix: string): Promise<boolean> {
  try {
    return (await treeAt(repository, oid, prefix)) !== undefined;
  } catch {
    return false;
  }
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw mapFsError(error, file);
  }
}
