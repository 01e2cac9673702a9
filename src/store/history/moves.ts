import path from "node:path";
import type { PathChange } from "../../git/trees/diffTrees.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import { isTicketPath } from "../events/commitEvents.ts";
import type { RowChange } from "./historyRow.ts";

/** Says of a file that came where its ticket was before: the same name or bytes, else the same id. */
export async function withMoves(
  changes: readonly PathChange[],
  snapshot: (file: string, blob: string | null) => Promise<Snapshot | undefined>,
): Promise<readonly RowChange[]> {
  let gone = changes.filter((one) => isTicketPath(one.path) && one.after === null);
  let came = changes.filter((one) => isTicketPath(one.path) && one.before === null);
  const from = new Map<PathChange, string>();
  const idOf = async ({ path: file, before, after }: PathChange) => (await snapshot(file, before ?? after))?.ticket.id;
  const rules: ((one: PathChange) => Promise<string | undefined> | string | null)[] = [
    (one) => path.posix.basename(one.path),
    (one) => one.before ?? one.after,
    idOf,
  ];
  for (const keyOf of rules) {
    if (gone.length === 0 || came.length === 0) break;
    const old = new Map<unknown, PathChange>();
    for (const one of gone) old.set(await keyOf(one), one);
    for (const one of came) {
      const key = await keyOf(one);
      const match = key === undefined ? undefined : old.get(key);
      if (match === undefined) continue;
      from.set(one, match.path);
      old.delete(key);
    }
    const taken = new Set(from.values());
    gone = gone.filter((one) => !taken.has(one.path));
    came = came.filter((one) => !from.has(one));
  }
  return from.size === 0
    ? changes
    : changes.map((one) => (from.has(one) ? { ...one, from: from.get(one) as string } : one));
}
