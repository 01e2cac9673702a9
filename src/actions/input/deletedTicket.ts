import { posix } from "node:path";
import { AyoError } from "../../error.ts";
import { historyObjects } from "../../store/history/historyObjects.ts";
import { type HistoryTable, namesEver, readHistory } from "../../store/history/historyTable.ts";
import { committedOf, type Step, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Store } from "../../store/open/store.ts";
import { matchId } from "../../ticket/ids.ts";
import { formatTime } from "../../ticket/time.ts";

/**
 * What to say of an id that no ticket has any more: when it was deleted, by whom, and the command that brings it back.
 * Undefined where `wanted` names nothing that ever was.
 */
export async function deletedError(store: Store, wanted: string): Promise<AyoError | undefined> {
  const table = await readHistory(store);
  const id = nameEver(table, wanted);
  const last = id === undefined ? undefined : await lastStep(store, ticketSteps(table, id), id);
  if (id === undefined || last === undefined) return undefined;
  if (last.after !== null) {
    const isThis = posix.basename(last.path) === `${id}.md`;
    return isThis ? new AyoError("not_found", `the file of ${id} was removed by hand`, undo(id, { id })) : undefined;
  }
  const { oid, actor, time } = last.row;
  const at = formatTime(time * 1000);
  const title = await titleOf(store, last);
  return new AyoError(
    "not_found",
    `${id} was deleted ${at} by ${actor}${title === undefined ? "" : `: ${title}`}`,
    undo(oid.slice(0, 10), { id, deleted: { at, by: actor, commit: oid } }),
  );
}

/** The last change; where the branch has the file no more, what took it away: a merge may have taken that from an earlier commit. */
async function lastStep({ journal }: Store, steps: readonly Step[], id: string): Promise<Step | undefined> {
  const last = steps.at(-1);
  if (last === undefined || last.after === null || journal === undefined) return last;
  const { blob } = await committedOf(journal, steps, id);
  return blob === null ? (steps.findLast(({ after }) => after === null) ?? last) : last;
}

function undo(what: string, data: Readonly<Record<string, unknown>>) {
  return { try: ["ayo", "undo", what], data };
}

/** An exact name that ever was, or the one that `wanted` is a unique part of. */
function nameEver(table: HistoryTable, wanted: string): string | undefined {
  try {
    return matchId(wanted, namesEver(table), { substring: true });
  } catch {
    // No name, or several: what was said of the tickets that there are says it.
    return undefined;
  }
}

/** What it was called. */
async function titleOf(store: Store, step: Step): Promise<string | undefined> {
  if (store.journal === undefined) return undefined;
  return (await historyObjects(store, store.journal).snapshot(step.from, step.before))?.ticket.title;
}
