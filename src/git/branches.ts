import path from "node:path";
import { parseIndex, readIndexFile } from "./indexFile.ts";
import { treeAt } from "./lsTree.ts";
import { isOid, packedRefs, readHead } from "./refs.ts";
import { namesIn, type Repository, readText } from "./repository.ts";

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

/** Whether the worktree's index has anything under `prefix`. */
export function isTracked(repository: Repository, prefix: string): boolean {
  const bytes = readIndexFile(repository);
  if (bytes === undefined || !bytes.includes(`${prefix}/`)) return false;
  return [...parseIndex(bytes).keys()].some((file) => file.startsWith(`${prefix}/`));
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

function collect(commonDir: string, ref: string, found: Map<string, string>): void {
  const oid = readText(path.join(commonDir, ref)).trim();
  if (isOid(oid)) found.set(ref, oid);
  else for (const name of namesIn(path.join(commonDir, ref))) collect(commonDir, `${ref}/${name}`, found);
}

async function has(repository: Repository, oid: string, prefix: string): Promise<boolean> {
  try {
    return (await treeAt(repository, oid, prefix)) !== undefined;
  } catch {
    return false;
  }
}
