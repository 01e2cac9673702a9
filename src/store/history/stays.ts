import path from "node:path";
import { isTicketPath, snapshotOf } from "../events/commitEvents.ts";
import { keep, kept, runtimeKey } from "../open/runtime.ts";
import type { Store } from "../open/store.ts";
import { lastOf } from "./historyFile.ts";
import type { RowChange } from "./historyRow.ts";
import { type HistoryTable, rowsBackwards } from "./historyTable.ts";
import { knownStatuses } from "./statusCache.ts";

/** How long a ticket had a status until it got another. */
export interface Stay {
  /** The name of its file, without `.md`. */
  readonly name: string;
  readonly status: string;
  readonly seconds: number;
}

/** A stay whose beginning is looked for. */
interface Ended {
  readonly status: string;
  /** In seconds since 1970. */
  readonly time: number;
  /** What the file is called now. */
  readonly name: string;
}

/** What is known on the way back through the history. */
interface Walk {
  readonly stays: Stay[];
  /** By the file's name then. */
  readonly open: Map<string, Ended>;
  /** What files that were renamed are called now. */
  readonly names: Map<string, string>;
}

/** What was found last, by the history's last commit and the moment. */
const LAST = runtimeKey<{ readonly of: string; readonly stays: Promise<Stay[]> } | undefined>("stays", () => undefined);

/** The stays that ended since a moment, looked for once for each state of the history. */
export function staysSince(store: Store, table: HistoryTable, from: number): Promise<Stay[]> {
  const of = `${lastOf(table.bytes)} ${from}`;
  const last = kept(store, LAST);
  if (last?.of === of) return last.stays;
  const stays = staysIn(store, table, from);
  keep(store, LAST, { of, stays });
  stays.catch(() => keep(store, LAST, undefined));
  return stays;
}

/** The stays that ended since a moment, in milliseconds since 1970; of what began before that as many older commits are looked at as it takes. */
async function staysIn(store: Store, table: HistoryTable, from: number): Promise<Stay[]> {
  const statusOf = await statusReader(store);
  const walk: Walk = { stays: [], open: new Map(), names: new Map() };
  for (const row of rowsBackwards(table)) {
    const isRecent = row.time * 1000 >= from;
    if (!isRecent && walk.open.size === 0) break;
    for (const change of row.mayHaveTickets ? ticketChanges(row.changes) : []) {
      if (!isRecent && !walk.open.has(nameOf(change.path))) continue;
      const statuses = [await statusOf(change, "before"), await statusOf(change, "after")] as const;
      look(walk, change, statuses, { time: row.time, isRecent });
    }
  }
  statusOf.keep();
  return walk.stays;
}

/** The changes of tickets; that a file is gone from where it was moved from is none. */
function ticketChanges(changes: readonly RowChange[]): readonly RowChange[] {
  const moved = new Set(changes.flatMap(({ from }) => from ?? []));
  return changes.filter(({ path: file, after }) => isTicketPath(file) && !(after === null && moved.has(file)));
}

/** Ends the search of a stay that this change began, and begins that of the one that it ended. */
function look(
  { stays, open, names }: Walk,
  { path: file, from = file }: RowChange,
  [before, after]: readonly [string | undefined, string | undefined],
  { time, isRecent }: { readonly time: number; readonly isRecent: boolean },
): void {
  const [now, then] = [nameOf(file), nameOf(from)];
  const ended = open.get(now);
  const name = ended?.name ?? names.get(now) ?? now;
  if (then !== now) names.set(then, name);
  open.delete(now);
  if (before === after) {
    if (ended !== undefined) open.set(then, ended);
    return;
  }
  if (ended?.status === after && ended !== undefined)
    stays.push({ name, status: ended.status, seconds: Math.max(0, ended.time - time) });
  if (isRecent && before !== undefined) open.set(then, { status: before, time, name });
}

function nameOf(file: string): string {
  return path.posix.basename(file, ".md");
}

type Side = "before" | "after";
interface StatusReader {
  (change: RowChange, side: Side): Promise<string | undefined>;
  /** Writes down what was read. */
  keep(): void;
}

/** Reads which status a version of a ticket has: each version once for ever. */
async function statusReader(store: Store): Promise<StatusReader> {
  const { journal } = store;
  const known = knownStatuses(journal?.stateDir);
  const read = async ({ path: file, from = file, ...blobs }: RowChange, side: Side): Promise<string | undefined> => {
    const blob = blobs[side];
    if (blob === null || journal === undefined) return undefined;
    const cached = known.get(blob);
    if (cached !== undefined) return cached === "" ? undefined : cached;
    const status = (await snapshotOf(journal, side === "before" ? from : file, blob))?.ticket.status;
    known.add(blob, status ?? "");
    return status;
  };
  return Object.assign(read, { keep: known.keep });
}
