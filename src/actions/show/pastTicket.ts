import { AyoError } from "../../error.ts";
import { decodeText, parse } from "../../store/disk/readFile.ts";
import type { View } from "../../store/disk/view.ts";
import { type HistoryObjects, historyObjects } from "../../store/history/historyObjects.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import { type HistoryTable, readHistory, rowsBackwards } from "../../store/history/historyTable.ts";
import { blobIn, commitOf, pastView } from "../../store/history/pastView.ts";
import { readPoint } from "../../store/history/pointInHistory.ts";
import { type Step, ticketSteps } from "../../store/history/ticketHistory.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { Snapshot } from "../../ticket/events/changes.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { nameOf } from "../history.ts";

/** A commit of the store's, in the past. */
export interface AsOf {
  readonly commit: string;
  readonly at: string;
  readonly actor: string;
}

/** A ticket of the past, in the store as it was then. */
export interface PastTicket extends Snapshot {
  readonly view: View;
  readonly asOf: AsOf;
}

/** A file that was no readable ticket then. */
export interface PastProblem {
  readonly problem: Problem;
  readonly text: string;
}

/**
 * A ticket as it was at a time or commit, with everything around it as it was then.
 * @throws bad_input, not_found for an unknown commit, and for a ticket that there was not then, saying since or until
 * when there was
 */
export async function pastTicket(store: Store, wanted: string, at: string): Promise<PastTicket | PastProblem> {
  const table = await readHistory(store);
  const row = commitOf(table, readPoint(table, "at", at, store.host.now()));
  const name = await nameOf(store, table, wanted);
  const steps = ticketSteps(table, name);
  const { journal } = store;
  if (row === undefined || journal === undefined) throw notThen(name, at, steps);
  const found = await findFile(journal, row, steps);
  if (found === undefined) throw notThen(name, at, steps, stepUpTo(table, row, steps));
  const objects = historyObjects(store, journal);
  return read(store, journal, row, objects, found);
}

interface File {
  readonly path: string;
  readonly blob: string;
}

/** Where a commit has a ticket's file: of the paths that it ever had, the one that is there. */
async function findFile(journal: Journal, row: HistoryRow, steps: readonly Step[]): Promise<File | undefined> {
  const paths = new Set(steps.flatMap((step) => [step.path, step.from]));
  for (const path of paths) {
    const blob = await blobIn(journal, row.oid, path);
    if (blob !== null) return { path, blob };
  }
  return undefined;
}

async function read(
  store: Store,
  journal: Journal,
  row: HistoryRow,
  objects: HistoryObjects,
  { path, blob }: File,
): Promise<PastTicket | PastProblem> {
  const bytes = await objects.bytes(path, blob);
  const ticket = await parse(bytes, path, blob);
  if (!("id" in ticket)) return { problem: ticket, text: bytes.toString("utf8") };
  const view = await pastView(store, journal, row, objects);
  const asOf = { commit: row.oid, at: formatTime(row.time * 1000), actor: row.actor };
  return { view, ticket, text: decodeText(bytes, path), asOf };
}

/** The last step that is in a commit or before it: their order counts, since times have seconds only. */
function stepUpTo(table: HistoryTable, { oid }: HistoryRow, steps: readonly Step[]): Step | undefined {
  const later = new Set<string>();
  for (const row of rowsBackwards(table)) {
    if (row.oid === oid) break;
    later.add(row.oid);
  }
  return steps.findLast((step) => !later.has(step.row.oid));
}

function notThen(id: string, at: string, [first]: readonly Step[], lastBefore?: Step): AyoError {
  const told = ({ row: { time, actor } }: Step): string => `${formatTime(time * 1000)} by ${actor}`;
  const gone = lastBefore?.after === null ? `${id} was deleted ${told(lastBefore)}, before ${at}` : undefined;
  const yet = `${id} did not exist yet at ${at}${first === undefined ? "" : `: it was created ${told(first)}`}`;
  return new AyoError("not_found", gone ?? yet, {
    try: ["ayo", "ticket", "history", id],
    data: { id, at, created: first === undefined ? null : formatTime(first.row.time * 1000) },
  });
}
