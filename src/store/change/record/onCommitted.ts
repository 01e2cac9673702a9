import path from "node:path";
import { hashObject } from "../../../git/objects/objects.ts";
import { type Conversion, gitBytes, readConversion } from "../../../git/repository/convert.ts";
import { lsTree } from "../../../git/trees/lsTree.ts";
import { openPaths } from "../../disk/gitMarks.ts";
import { gitEnv } from "../../disk/refresh.ts";
import { committedOid, type Index } from "../../open/entry.ts";
import type { Journal, Store } from "../../open/store.ts";
import { inRepository } from "../../open/store.ts";
import type { Plan } from "../plan.ts";

/**
 * Whether every file that a plan changes was, when it was read for that, what the index's commit has: else the plan
 * holds somebody's edit that no commit has yet, and would commit it as its own. Files that cannot be read as tickets
 * are in no commit until somebody mends them, which is what such a plan does.
 */
export async function isOnCommitted(store: Store, journal: Journal, index: Index, plan: Plan): Promise<boolean> {
  const archived = committedBlobs(journal, index.head);
  const conversion =
    journal.mode === "inline" ? readConversion(journal.repository, gitEnv(store), journal.prefix) : undefined;
  for (const file of plan.files.keys()) {
    if (index.entries.get(file)?.problem !== undefined) continue;
    const was = versionBefore(plan, file, conversion);
    const committed = file.startsWith("archive/") ? await archived(file) : (committedOid(index, file) ?? null);
    // A copy of another ticket, say, is in no commit until somebody settles it.
    if (was !== committed && !index.copies.has(file) && (file.startsWith("archive/") || isOpen(journal, index, file)))
      return false;
  }
  return true;
}

/** What git would have of a file as the plan found it. */
function versionBefore(plan: Plan, file: string, conversion: Conversion | undefined): string | null {
  const before = plan.before.get(file) ?? null;
  const bytes = before === null ? undefined : plan.bases.get(before);
  if (bytes === undefined || conversion === undefined) return before;
  return hashObject("blob", gitBytes(file, bytes, conversion));
}

/** Whether a file that differs from its commit would be committed as a hand edit. */
function isOpen(journal: Journal, index: Index, file: string): boolean {
  if (!index.uncommitted.has(file)) return true;
  for (const [open] of openPaths(journal, index)) if (open === file) return true;
  return false;
}

/** What a commit has at a path of the store; every folder is read once. */
export function committedBlobs(journal: Journal, commit: string | undefined): (file: string) => Promise<string | null> {
  const folders = new Map<string, ReturnType<typeof lsTree>>();
  return async (file) => {
    if (commit === undefined) return null;
    const full = inRepository(journal, file);
    const folder = path.posix.dirname(full);
    const names = folders.get(folder) ?? lsTree(journal.repository, commit, { prefix: folder === "." ? "" : folder });
    folders.set(folder, names);
    return (await names).get(path.posix.basename(full))?.oid ?? null;
  };
}
