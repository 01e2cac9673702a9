import { AyoError } from "../../error.ts";
import { ADOPTION } from "../../store/change/hand/handEdits.ts";
import { readRecords } from "../../store/change/record/redo.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { findRow, type HistoryTable, rowsBackwards } from "../../store/history/historyTable.ts";
import { unknownCommit } from "../../store/history/pointInHistory.ts";
import { type Step, stepsOf, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Store } from "../../store/open/store.ts";
import { nameOf as historyName } from "../history.ts";
import { isRedo, isUndo, type Judged, judged, nameOf } from "./takenBack.ts";

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

/** Whether changes are taken back, or undos of them. */
export type Direction = "undo" | "redo";

/** Whose change is meant, and where it may be. */
interface Search {
  readonly table: HistoryTable;
  readonly actor: string;
  readonly direction: Direction;
  readonly uncommitted: Uncommitted;
  /** Inside a run, whether a commit may be the run's own. */
  readonly isOwn?: ((row: HistoryRow) => boolean) | undefined;
}

/**
 * Finds what is meant: a commit, or the last change of a ticket or of the actor that still stands, so that each undo is a
 * step back. To redo, it is the last undo, as long as nothing was changed since.
 * @throws not_found, ambiguous_id, conflict for a commit that cannot be taken back, git_busy while the actor's last
 * change waits for git
 */
export async function findTarget(store: Store, search: Search, what: string | undefined): Promise<Target> {
  const { table, actor } = search;
  assertCommitted(store, actor);
  if (what === undefined) return lastOf(search);
  const row = findRow(table, what);
  if (row !== undefined) {
    const meant = search.direction === "undo" ? row : undoOf(search, row);
    return { row: assertUndoable(meant), steps: stepsOf(meant), whole: true };
  }
  if (/^[0-9a-f]{40}$/i.test(what)) throw unknownCommit(what);
  return lastOfTicket(search, await historyName(store, table, what, false), what);
}

/** The commit that took another one back, or that one itself where it is an undo. */
function undoOf({ table }: Search, wanted: HistoryRow): HistoryRow {
  if (isUndo(wanted) && !isRedo(wanted)) return wanted;
  for (const { row, isTakenBack } of judged(rowsBackwards(table))) {
    if (!isTakenBack && row.undoes?.startsWith(wanted.oid)) return row;
  }
  throw new AyoError("not_found", `nothing to redo: ${wanted.oid.slice(0, 7)} was not undone`, {
    data: { commit: wanted.oid },
  });
}

/** A change that has no commit yet cannot be told from what was there before. */
function assertCommitted({ journal }: Store, actor: string): void {
  const records = journal === undefined ? [] : readRecords(journal.stateDir);
  const waiting = records.find(({ record }) => record.state === "deferred" && record.actor.name === actor);
  if (waiting === undefined) return;
  throw new AyoError("git_busy", `your last change ('${waiting.record.sentence.subject}') still waits for git`);
}

function lastOf(search: Search): Target {
  const { table, actor, direction, uncommitted, isOwn = () => true } = search;
  const own = function* (): Generator<Judged<HistoryRow>> {
    if (uncommitted?.actor === actor) yield { row: uncommitted, isTakenBack: false };
    for (const one of judged(rowsBackwards(table)))
      if (one.row.actor === actor && isChange(one.row) && isOwn(one.row)) yield one;
  };
  const { row, isAny } = pick(own(), direction);
  if (row !== undefined) return { row, steps: stepsOf(row), whole: true };
  const where = search.isOwn === undefined ? "here" : "in this run";
  const fact = isAny ? `${actor} has undone all that it changed ${where}` : `${actor} has changed nothing ${where}`;
  throw nothingTo(direction, direction === "undo" ? fact : `${actor} has undone nothing since its last change`, {
    try: ["ayo", "ticket", "history"],
    data: { actor },
  });
}

async function lastOfTicket(search: Search, name: string, wanted: string): Promise<Target> {
  const { table, direction, uncommitted } = search;
  const edited = uncommitted === undefined ? [] : stepsOf(uncommitted);
  const edit = edited.find((step) => nameOf(step.path) === name);
  const steps = ticketSteps(table, name).filter((step) => isChange(step.row));
  const rows = steps.toReversed().map(({ row }) => row);
  const all = [...(edit === undefined ? [] : [{ row: edit.row, isTakenBack: false }]), ...judged(rows, name)];
  const { row, isAny } = pick(all, direction);
  const step = row === edit?.row ? edit : steps.find((one) => one.row === row);
  if (row !== undefined && step !== undefined) {
    // The rows of a ticket tell of nothing else.
    return { row: findRow(table, row.oid) ?? row, steps: [step], whole: false };
  }
  const none = isAny
    ? `all that was changed of ${wanted} is undone`
    : `no command and no hand edit has changed ${wanted}`;
  throw nothingTo(direction, direction === "undo" ? none : `nothing of ${wanted} was undone since its last change`, {
    try: ["ayo", "ticket", "history", wanted],
    data: { id: wanted },
  });
}

function nothingTo(
  direction: Direction,
  fact: string,
  more: { readonly try: string[]; readonly data: object },
): AyoError {
  return new AyoError("not_found", `nothing to ${direction}: ${fact}`, { ...more, data: { ...more.data } });
}

/** Of changes, newest first, the one to take back; and whether there was any change at all. */
function pick(
  changes: Iterable<Judged<HistoryRow>>,
  direction: Direction,
): { readonly row?: HistoryRow; readonly isAny: boolean } {
  let isAny = false;
  for (const { row, isTakenBack } of changes) {
    if (isUndo(row)) {
      if (direction === "redo" && !isTakenBack && !isRedo(row)) return { row, isAny: true };
      continue;
    }
    isAny = true;
    if (isTakenBack) continue;
    return direction === "undo" ? { row, isAny } : { isAny };
  }
  return { isAny };
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
