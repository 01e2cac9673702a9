import { parseTime } from "../../ticket/time.ts";
import type { TableEntries } from "./table/entries.ts";
import { isSameSet, type View } from "./view.ts";

/**
 * Whether two views show the same, so that what was made of one need not be made again. What lies beside the tickets'
 * own files is not compared: who asks knows that git's branch and the folder are as they were.
 */
export function isSameState(left: View, right: View): boolean {
  const { entries } = left;
  if (entries === undefined || right.entries === undefined || !isSameTable(entries, right.entries)) return false;
  return (
    left.config === right.config &&
    left.archive === right.archive &&
    left.answered.length + right.answered.length === 0 &&
    JSON.stringify(left.problems) === JSON.stringify(right.problems) &&
    isSameSet(left.state.unconfirmed(), right.unconfirmed())
  );
}

/** When a view shows something else though nobody changed anything: a lease ends, or a question is answered by default. */
export function nextMoment({ marked, now }: Pick<View, "marked" | "now">): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { fields } of marked)
    for (const text of [fields.lease, fields.answerBy]) {
      const at = text === undefined ? undefined : parseTime(text);
      if (at !== undefined && at > now) next = Math.min(next, at);
    }
  return next;
}

function isSameTable(left: TableEntries, right: TableEntries): boolean {
  if (left.table !== right.table || left.changed.size !== right.changed.size) return false;
  for (const [file, entry] of left.changed)
    if (!right.changed.has(file) || right.changed.get(file) !== entry) return false;
  return true;
}
