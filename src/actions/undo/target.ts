import path from "node:path";
import { AyoError } from "../../error.ts";
import { ADOPTION } from "../../store/change/hand/handEdits.ts";
import { readRecords } from "../../store/change/record/redo.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { findRow, type HistoryTable, rowsBackwards } from "../../store/history/historyTable.ts";
import { unknownCommit } from "../../store/history/pointInHistory.ts";
import { type Step, stepsOf, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Store } from "../../store/open/store.ts";
import { nameOf } from "../history.ts";

/** What an undo takes back: a commit, or of a commit what it did to one ticket. */
export interface Target {
  readonly row: HistoryRow;
  readonly steps: readonly Step[];
  /** Files that are no tickets go back too. */
  readonly whole: boolean;
}

/** What keeps claims alive, and marks what waits for a person, is nobody's change of a ticket. */
const HOUSEKEEPING = ["renewed", "claim_kept", "lease_expired", "unconfirmed"];

/** The commit of a hand edit that a dry run does not make: what is to come is at hand all the same. */
export type Uncommitted = HistoryRow | undefined;

/**
 * Finds the change that is meant: the actor's last one, a ticket's last one, or a commit.
 * @throws not_found, ambiguous_id, conflict for a commit that cannot be taken back, git_busy while the actor's last
 * change waits for git
 */
export async function findTarget(
  store: Store,
  table: HistoryTable,
  actor: string,
  what: string | undefined,
  uncommitted: Uncommitted,
): Promise<Target> {
  assertCommitted(store, actor);
  if (what === undefined) return lastOf(table, actor, uncommitted);
  const row = findRow(table, what);
  if (row !== undefined) return { row: assertUndoable(row), steps: stepsOf(row), whole: true };
  if (/^[0-9a-f]{40}$/i.test(what)) throw unknownCommit(what);
  return lastOfTicket(table, await nameOf(store, table, what, false), what, uncommitted);
}

/** A change that has no commit yet cannot be told from what was there before. */
function assertCommitted({ journal }: Store, actor: string): void {
  const records = journal === undefined ? [] : readRecords(journal.stateDir);
  const waiting = records.find(({ record }) => record.state === "deferred" && record.actor.name === actor);
  if (waiting === undefined) return;
  throw new AyoError("git_busy", `your last change ('${waiting.record.sentence.subject}') still waits for git`);
}

function lastOf(table: HistoryTable, actor: string, uncommitted: Uncommitted): Target {
  if (uncommitted?.actor === actor) return { row: uncommitted, steps: stepsOf(uncommitted), whole: true };
  for (const row of rowsBackwards(table)) {
    if (row.actor === actor && isChange(row)) return { row, steps: stepsOf(row), whole: true };
  }
  throw new AyoError("not_found", `nothing to undo: ${actor} has changed nothing here`, {
    try: ["ayo", "ticket", "history"],
    data: { actor },
  });
}

async function lastOfTicket(
  table: HistoryTable,
  name: string,
  wanted: string,
  uncommitted: Uncommitted,
): Promise<Target> {
  const edited = uncommitted === undefined ? [] : stepsOf(uncommitted);
  const edit = edited.find((step) => path.posix.basename(step.path, ".md") === name);
  if (edit !== undefined) return { row: edit.row, steps: [edit], whole: false };
  const step = ticketSteps(table, name).findLast(({ row }) => isChange(row));
  if (step === undefined) {
    throw new AyoError("not_found", `nothing to undo: no command and no hand edit has changed ${wanted}`, {
      try: ["ayo", "ticket", "history", wanted],
      data: { id: wanted },
    });
  }
  // The rows of a ticket tell of nothing else.
  return { row: findRow(table, step.row.oid) ?? step.row, steps: [step], whole: false };
}

/** Whether somebody meant to change something: not taking files in, a merge, or the upkeep of a claim. */
function isChange(row: HistoryRow): boolean {
  const isOne = row.changes.length > 0 && row.parents.length === 1;
  return isOne && !isTakingIn(row) && !HOUSEKEEPING.includes(row.event ?? "");
}

/** Whether a commit only took in the files that were there before the store was. */
function isTakingIn({ event, byHand, subject }: HistoryRow): boolean {
  return event === undefined && !byHand && ADOPTION.test(subject);
}

function assertUndoable(row: HistoryRow): HistoryRow {
  const refuse = (why: string): AyoError =>
    new AyoError("conflict", `${row.oid.slice(0, 7)} cannot be undone: ${why}`, { data: { commit: row.oid } });
  if (row.parents.length > 1) throw refuse("it is a merge; undo the commits that it joined, one by one");
  if (row.parents.length === 0 || row.changes.length === 0) throw refuse("it changed nothing in the store");
  if (isTakingIn(row)) throw refuse("it took in files that were there before");
  return row;
}
