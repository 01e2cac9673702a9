import path from "node:path";
import { hashObject } from "../../git/objects/objects.ts";
import { readHead } from "../../git/refs/refs.ts";
import { blobAt } from "../../git/trees/lsTree.ts";
import { readRecords } from "../change/record/redo.ts";
import { isLeftOut } from "../disk/gitMarks.ts";
import { isTicketPath } from "../events/commitEvents.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Journal, Store } from "../open/store.ts";
import type { HistoryRow, RowChange } from "./historyRow.ts";
import { type HistoryTable, rowsNamed } from "./historyTable.ts";

/** What one commit did to one ticket: the paths and blob ids before and after; null where there was no file. */
export interface Step {
  readonly row: HistoryRow;
  readonly path: string;
  readonly from: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The tickets that a row changed, each once: a ticket that moved is one step and not two. */
export function stepsOf(row: HistoryRow): Step[] {
  const tickets = row.changes.filter((change) => isTicketPath(change.path));
  const left = new Set(tickets.flatMap(({ from }) => from ?? []));
  const gone = new Map(tickets.filter(({ path: file }) => left.has(file)).map((change) => [change.path, change]));
  return tickets
    .filter((change) => !(change.after === null && gone.has(change.path)))
    .map((change) => ({
      row,
      path: change.path,
      from: change.from ?? change.path,
      before: before(change, gone),
      after: change.after,
    }));
}

function before({ from, before: old }: RowChange, gone: ReadonlyMap<string, RowChange>): string | null {
  return from === undefined ? old : (gone.get(from)?.before ?? old);
}

/**
 * The steps of the ticket whose file has, or had, this name (without `.md`), oldest first: through the archive and
 * under the names that its file had before and after.
 */
export function ticketSteps(table: HistoryTable, name: string): Step[] {
  const names = new Set([`${name}.md`]);
  for (;;) {
    const steps = rowsNamed(table, names).flatMap(stepsOf);
    const more = steps.flatMap(pathsOf).map((file) => path.posix.basename(file));
    if (more.every((one) => names.has(one))) return steps;
    for (const one of more) names.add(one);
  }
}

/** Where a ticket was before and after a step; what a merge gave another name shared its old one with another ticket. */
function pathsOf({ row, path: file, from }: Step): string[] {
  return row.parents.length > 1 ? [file] : [file, from];
}

/**
 * What the store's branch has of a ticket: the path and the blob; null where it has none. The last step need not say
 * it, since a merge may put both sides' changes together and has no step of its own then.
 */
export async function committedOf(
  { repository, prefix }: Journal,
  steps: readonly Step[],
  name: string,
): Promise<{ readonly path: string; readonly blob: string | null }> {
  const head = readHead(repository).oid;
  const last = steps.at(-1)?.path ?? `${name}.md`;
  for (const file of new Set([last, ...steps.toReversed().flatMap(pathsOf)])) {
    const blob = head === undefined ? undefined : await blobAt(repository, head, path.posix.join(prefix, file));
    if (blob !== undefined) return { path: file, blob };
  }
  return { path: last, blob: null };
}

/** Changes that are on the disk and in no commit yet: deferred ones first, then what was edited by hand. */
export interface Pending {
  readonly state: "deferred" | "uncommitted";
  readonly step: Step;
}

/** What waits for its commit, of files of which the branch has these blobs. */
export async function pendingSteps(
  store: Store,
  journal: Journal,
  last: ReadonlyMap<string, string | null>,
): Promise<Pending[]> {
  const pending: Pending[] = [];
  const now = new Map(last);
  for (const { record } of readRecords(journal.stateDir)) {
    if (record.state !== "deferred") continue;
    const { actor, sentence, at } = record;
    const changes = Object.entries(record.paths).map(([file, change]) => ({ path: file, ...change }));
    for (const step of stepsOf(unborn(at, actor.name, sentence.subject, changes))) {
      if (!last.has(step.path)) continue;
      pending.push({ state: "deferred", step });
      now.set(step.path, step.after);
    }
  }
  for (const [file, committed] of now) {
    const after = await diskOid(store, journal, file);
    if (after === committed || after === undefined || (after === null && isLeftOut(store, file))) continue;
    const [step] = stepsOf(unborn(store.host.now(), "", "", [{ path: file, before: committed, after }]));
    if (step !== undefined) pending.push({ state: "uncommitted", step });
  }
  return pending;
}

/** The row of a commit that is not made yet. */
function unborn(at: number, actor: string, subject: string, changes: readonly RowChange[]): HistoryRow {
  return {
    oid: "",
    parents: [],
    time: Math.floor(at / 1000),
    actor,
    event: undefined,
    byHand: actor === "",
    subject,
    changes,
  };
}

/** The blob id that git would give to a file as it is on the disk; null where there is none, undefined if unknown. */
async function diskOid(store: Store, journal: Journal, file: string): Promise<string | null | undefined> {
  const read = readStoreFile(path.join(store.dir, file));
  if (read === undefined) return null;
  if (read instanceof Unread) return undefined;
  if (journal.mode === "own") return hashObject("blob", read.bytes);
  const { gitBytes, readConversion } = await import("../../git/repository/convert.ts");
  const { gitEnv } = await import("../disk/refresh.ts");
  const conversion = readConversion(journal.repository, gitEnv(store), journal.prefix);
  try {
    return hashObject("blob", gitBytes(file, read.bytes, conversion));
  } catch {
    // A filter of git's that ayo cannot run: what git would have is unknown.
    return undefined;
  }
}
