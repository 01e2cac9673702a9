import { posix } from "node:path";
import { blobAt, lsTree } from "../../git/trees/lsTree.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { snapshotOf } from "../events/commitEvents.ts";
import type { Journal } from "../open/store.ts";

/** A ticket as a commit has it, also where it was in the archive then, or is now; undefined where it is not readable there. */
export async function snapshotAt(
  journal: Journal,
  { id, path }: Pick<Ticket, "id" | "path">,
  commit: string,
): Promise<Snapshot | undefined> {
  const { repository, prefix } = journal;
  for (const file of new Set([path, `${id}.md`])) {
    const blob = await blobAt(repository, commit, posix.join(prefix, file));
    if (blob !== undefined) return snapshotOf(journal, file, blob);
  }
  const options = { prefix: posix.join(prefix, "archive"), recursive: true };
  for (const [file, { oid }] of await lsTree(repository, commit, options))
    if (posix.basename(file) === posix.basename(path)) return snapshotOf(journal, posix.join("archive", file), oid);
  return undefined;
}
