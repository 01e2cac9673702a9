import { createHash } from "node:crypto";
import { type Dirent, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { isOid } from "../repository/oid.ts";
import { namesIn, type Repository, readText } from "../repository/repository.ts";
import { packedRefs, readRef } from "./refs.ts";

/** Where the branches of a repository and the HEADs of all its worktrees stand. */
export interface Tips {
  /** Differs when a branch or a HEAD has moved, come or gone, or a shallow clone was deepened. */
  readonly fingerprint: string;
  /** Every branch's full ref name, and `HEAD` or `worktrees/x/HEAD` where one is detached, with the commit. */
  all(): Map<string, string>;
}

type Place = Pick<Repository, "commonDir">;

const BRANCHES = ["refs/heads", "refs/remotes"];

/**
 * Local and remote-tracking branches, and the HEADs of the main and all linked worktrees. Tags and the stash are no
 * branches. Costs a read for each loose ref and a stat for all the packed ones; `all` reads those too.
 */
export function readTips({ commonDir }: Place): Tips {
  const loose = new Map<string, string>();
  for (const ref of BRANCHES) collect(commonDir, ref, (name, text) => loose.set(name, text));
  for (const name of headsOf(commonDir)) {
    const text = readText(path.join(commonDir, name)).trim();
    if (text !== "") loose.set(name, text);
  }
  const stamps = ["packed-refs", "shallow"].map((name) => stampOf(path.join(commonDir, name)));
  const fingerprint = createHash("sha1")
    .update(JSON.stringify([stamps, ...loose]))
    .digest("hex");
  return { fingerprint, all: () => resolved({ commonDir }, loose) };
}

/** The folders in which something changes when a tip moves; a branch with a new `folder/` in its name adds one. */
export function tipFolders({ commonDir }: Place): string[] {
  const found = [commonDir, path.join(commonDir, "worktrees")];
  for (const name of namesIn(path.join(commonDir, "worktrees"))) found.push(path.join(commonDir, "worktrees", name));
  for (const ref of BRANCHES) {
    found.push(path.join(commonDir, ref));
    collect(commonDir, ref, undefined, (folder) => found.push(path.join(commonDir, folder)));
  }
  return found;
}

function headsOf(commonDir: string): string[] {
  return ["HEAD", ...namesIn(path.join(commonDir, "worktrees")).map((name) => `worktrees/${name}/HEAD`)];
}

function resolved(place: Place, loose: ReadonlyMap<string, string>): Map<string, string> {
  const tips = new Map<string, string>();
  for (const [ref, oid] of packedRefs(place.commonDir)) {
    if (BRANCHES.some((folder) => ref.startsWith(`${folder}/`))) tips.set(ref, oid);
  }
  // Names of other refs come after what they name.
  const isAlias = (text: string): boolean => text.startsWith("ref:");
  for (const [ref, text] of loose) if (isOid(text)) tips.set(ref, text);
  const standing = new Set(tips.values());
  for (const [ref, text] of loose) {
    const oid = isAlias(text) ? readRef(place, text.slice(4).trim()) : undefined;
    if (oid !== undefined && !standing.has(oid)) tips.set(ref, oid);
  }
  return tips;
}

function collect(
  commonDir: string,
  ref: string,
  onRef: ((ref: string, text: string) => void) | undefined,
  onFolder?: (folder: string) => void,
): void {
  for (const entry of entriesOf(path.join(commonDir, ref))) {
    const name = `${ref}/${entry.name}`;
    if (entry.isDirectory()) {
      onFolder?.(name);
      collect(commonDir, name, onRef, onFolder);
    } else if (onRef !== undefined && !name.endsWith(".lock")) {
      const text = readText(path.join(commonDir, name)).trim();
      if (text !== "") onRef(name, text);
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(" ");
}
