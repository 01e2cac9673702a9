import path from "node:path";
import { AyoError } from "../../error.ts";
import type { HistoryRow } from "../../store/history/historyRow.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** The last version that only one file bore an id in: that ticket has the id, whoever else bears it now. */
export interface Origin {
  readonly path: string;
  readonly version: string;
  readonly created: string | undefined;
}

/**
 * Looks in the history for the ticket that had an id before others bore it too; undefined where it never was alone, or
 * nothing tells. `files` bear it now.
 */
export async function originOf(store: Store, id: string, files: readonly string[]): Promise<Origin | undefined> {
  const { journal } = store;
  if (journal === undefined) return undefined;
  try {
    return await searchHistory(store, journal, id, files);
  } catch (error) {
    // What is lost of the history has findings of its own.
    if (error instanceof AyoError) return undefined;
    throw error;
  }
}

async function searchHistory(
  store: Store,
  journal: Journal,
  id: string,
  files: readonly string[],
): Promise<Origin | undefined> {
  const { historyObjects } = await import("../../store/history/historyObjects.ts");
  const objects = historyObjects(store, journal);
  const bearers = new Map<string, Ticket>();
  let alone: Ticket | undefined;
  for (const { changes } of await rowsOf(store, id, files)) {
    for (const { path: file, after } of changes) {
      const ticket = (await objects.snapshot(file, after))?.ticket;
      if (ticket?.id.toLowerCase() === id.toLowerCase()) bearers.set(file, ticket);
      else bearers.delete(file);
    }
    if (bearers.size === 1) [alone] = bearers.values();
  }
  if (alone === undefined) return undefined;
  return { path: alone.path, version: alone.version, created: alone.fields.created };
}

/** The commits that changed these files, under the names that they had before too; oldest first. */
async function rowsOf(store: Store, id: string, files: readonly string[]): Promise<HistoryRow[]> {
  const { readHistory, rowsNamed } = await import("../../store/history/historyTable.ts");
  const table = await readHistory(store);
  const names = new Set([`${id}.md`, ...files].map((file) => path.posix.basename(file)));
  for (;;) {
    const rows = rowsNamed(table, names);
    const named = rows.flatMap(({ changes }) => changes.flatMap(({ path: file, from }) => [file, from ?? file]));
    const more = named.map((file) => path.posix.basename(file)).filter((name) => !names.has(name));
    if (more.length === 0) return rows;
    for (const name of more) names.add(name);
  }
}

/** Who of several has an id: who goes on from the ticket that had it alone, then whose file is named so, then the older. */
export function byClaim(origin: Origin | undefined): (left: Ticket, right: Ticket) => number {
  const isNot = (fact: boolean): number => (fact ? 0 : 1);
  const age = ({ fields }: Ticket): string => fields.created ?? "9";
  return (left, right) =>
    difference(origin, left, right) ||
    isNot(left.path === `${left.id}.md`) - isNot(right.path === `${right.id}.md`) ||
    compare(age(left), age(right)) ||
    compare(left.path, right.path);
}

/** A copy has the same `created`, and a ticket whose file was renamed has it still; a fresh one has another. */
function difference(origin: Origin | undefined, left: Ticket, right: Ticket): number {
  if (origin === undefined) return 0;
  const unlike = ({ path: file, fields, version }: Ticket): number =>
    (origin.created === fields.created ? 0 : 4) + (file === origin.path ? 0 : 2) + (version === origin.version ? 0 : 1);
  return unlike(left) - unlike(right);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
