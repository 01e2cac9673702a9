import type { Draft } from "../draft.ts";
import { without } from "../pair.ts";

/**
 * Something became of items. What a tracker refused of those around them, because of them, may be right by now: that one
 * is done, or open again, or lies under another. Says whether anything is to be sent once more.
 */
export function forgiveAround(draft: Draft, moved: ReadonlySet<string>): boolean {
  let isAny = false;
  for (const [id, { refused }] of draft.pairs()) {
    if (refused.status === undefined && refused.parent === undefined) continue;
    if (!isFreed(draft, id) && ![id, ...around(draft, id)].some((one) => moved.has(one))) continue;
    draft.editPair(id, () => ({ refused: without(without(refused, "status"), "parent") }));
    isAny = true;
  }
  return isAny;
}

/** Whether it waits for less than it did. */
function isFreed(draft: Draft, id: string): boolean {
  const { deps = [] } = draft.ticket(id) ?? {};
  return Object.keys(draft.pair(id)?.deps ?? {}).some((dep) => !deps.includes(dep));
}

/** What a ticket waits for, what it is a part of, and its parts. */
function around(draft: Draft, id: string): readonly string[] {
  const { deps = [], fields } = draft.ticket(id) ?? {};
  const parts = draft.tickets().filter((one) => one.fields.parent === id);
  return [...deps, String(fields?.parent ?? ""), ...parts.map((one) => one.id)];
}
