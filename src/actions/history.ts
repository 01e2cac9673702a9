import { posix } from "node:path";
import * as v from "valibot";
import { AyoError } from "../error.ts";
import { type HistoryObjects, historyObjects } from "../store/history/historyObjects.ts";
import type { HistoryRow } from "../store/history/historyRow.ts";
import { type HistoryTable, namesEver, readHistory, rowsBackwards, rowsNamed } from "../store/history/historyTable.ts";
import { isAfter, readPoint } from "../store/history/pointInHistory.ts";
import {
  committedOf,
  type Pending,
  pendingSteps,
  type Step,
  stepsOf,
  ticketSteps,
} from "../store/history/ticketHistory.ts";
import type { Journal, Store } from "../store/open/store.ts";
import { type Changes, changesOf } from "../ticket/events/changes.ts";
import { matchId } from "../ticket/ids.ts";
import { formatTime } from "../ticket/time.ts";
import { action, flag, limitOf, optionalText } from "./input/action.ts";

/** What happened to a ticket's file; `archived` and `restored` are its ways into the archive and back. */
export type StepKind = "created" | "changed" | "archived" | "restored" | "renamed" | "deleted";

/** What one commit did to one ticket. */
export interface HistoryEntry {
  /** Null while the change waits for its commit. */
  readonly commit: string | null;
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly event: string | null;
  readonly byHand: boolean;
  /** `deferred`: git could not take it yet; `uncommitted`: edited by hand, the next command that writes commits it. */
  readonly pending?: Pending["state"];
  /** Null for a commit that changed many tickets, which are in `ids`. */
  readonly id: string | null;
  readonly title: string | null;
  readonly kind: StepKind | null;
  readonly path: string | null;
  readonly changes: Changes;
  readonly ids?: readonly string[];
  /** The file's difference as `diff -u` writes it. */
  readonly patch?: string;
}

/**
 * What `history` answers; `total` counts what matched, also where a limit cut the list: the changes of a ticket, or
 * the commits of a store, each of which is one entry a ticket.
 */
export interface History {
  readonly id: string | null;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly total: number;
  readonly truncated: boolean;
}

/** A commit that changed more tickets than this is one entry of the whole store's history. */
const MANY_TICKETS = 8;
/** Entries of the whole store's history unless told. */
const DEFAULT_LIMIT = 50;

/** `ayo ticket history [id]`: who changed what when, from git. */
export const history = action({
  name: "history",
  summary: "Tell who changed what when, of one ticket or of all",
  writes: false,
  input: v.object({
    id: optionalText("ticket id, or a unique part of one; also of a deleted ticket"),
    since: optionalText("only what came after this time (2026-11-21, 7d) or commit"),
    actor: optionalText("only what this agent or person did"),
    limit: limitOf("how many changes at most"),
    patch: flag("with the differences of the files"),
  }),
  run: async (store, input): Promise<History> => {
    const table = await readHistory(store);
    const isWanted = filterOf(table, input, store.host.now());
    const name = input.id === undefined ? undefined : await nameOf(store, table, input.id);
    const { items, total, truncated } =
      name === undefined
        ? wholeHistory(table, isWanted, input.limit ?? DEFAULT_LIMIT)
        : cut(await oneHistory(store, table, name, isWanted), input.limit);
    const objects = store.journal === undefined ? undefined : historyObjects(store, store.journal);
    const entries: HistoryEntry[] = [];
    for (const item of objects === undefined ? [] : items) {
      entries.push(await readEntry(objects as HistoryObjects, item, input.patch === true));
    }
    const id = name === undefined ? null : (entries[0]?.id ?? name);
    return { id, entries, total, truncated };
  },
});

/** What becomes an entry: a step, a commit of many tickets, or a change that waits. */
type Item = { readonly row: HistoryRow; readonly steps: readonly Step[]; readonly pending?: Pending };

function filterOf(
  table: HistoryTable,
  { since, actor }: { readonly since?: string | undefined; readonly actor?: string | undefined },
  now: number,
): (row: HistoryRow) => boolean {
  const isNew = since === undefined ? () => true : isAfter(table, readPoint(table, "since", since, now));
  const name = actor?.replace(/^@/, "").toLowerCase();
  return (row) => isNew(row) && (name === undefined || row.actor.replace(/^@/, "").toLowerCase() === name);
}

/**
 * The name of the file whose history is wanted: an exact one that ever was, a ticket's, or one of the past; `substring` as matchId has it.
 * @throws not_found, ambiguous_id
 */
export async function nameOf(store: Store, table: HistoryTable, wanted: string, substring = true): Promise<string> {
  const exact = wanted.trim();
  if (rowsNamed(table, [`${exact}.md`]).length > 0) return exact;
  const [{ findTicket }, { readStore }] = await Promise.all([
    import("../store/disk/findTicket.ts"),
    import("../store/disk/view.ts"),
  ]);
  const view = await readStore(store);
  try {
    return posix.basename((await findTicket(store, view, wanted, substring)).path, ".md");
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "not_found") throw error;
    return matchId(wanted, [...namesEver(table), ...view.byId.keys()], { substring });
  }
}

interface Found {
  readonly items: readonly Item[];
  readonly total: number;
  readonly truncated: boolean;
}

function cut(items: readonly Item[], limit = items.length): Found {
  return { items: items.slice(0, limit), total: items.length, truncated: items.length > limit };
}

/** Beyond the limit commits are only counted. */
function wholeHistory(table: HistoryTable, isWanted: (row: HistoryRow) => boolean, limit: number): Found {
  const items: Item[] = [];
  let total = 0;
  for (const row of rowsBackwards(table)) {
    if (!row.mayHaveTickets || !isWanted(row)) continue;
    total++;
    if (items.length > limit) continue;
    const steps = stepsOf(row);
    if (steps.length > MANY_TICKETS) items.push({ row, steps });
    else items.push(...steps.map((step) => ({ row, steps: [step] })));
  }
  return { ...cut(items, limit), total };
}

async function oneHistory(
  store: Store,
  table: HistoryTable,
  name: string,
  isWanted: (row: HistoryRow) => boolean,
): Promise<Item[]> {
  const steps = ticketSteps(table, name);
  const pending = store.journal === undefined ? [] : await pendingOf(store, store.journal, steps, name);
  const items = [
    ...steps.map((step) => ({ row: step.row, steps: [step] })),
    ...pending.map((one) => ({ row: one.step.row, steps: [one.step], pending: one })),
  ];
  return items.filter(({ row }) => isWanted(row)).reverse();
}

async function pendingOf(store: Store, journal: Journal, steps: readonly Step[], name: string): Promise<Pending[]> {
  const { path, blob } = await committedOf(journal, steps, name);
  return pendingSteps(store, journal, new Map([[path, blob]]));
}

async function readEntry(objects: HistoryObjects, item: Item, patch: boolean): Promise<HistoryEntry> {
  const { row, steps, pending } = item;
  const [step] = steps;
  const common = {
    commit: row.oid || null,
    at: formatTime(row.time * 1000),
    actor: row.actor,
    subject: row.subject,
    event: row.event ?? null,
    byHand: row.byHand,
    ...(pending === undefined ? {} : { pending: pending.state }),
  };
  if (step === undefined || steps.length > 1) {
    const ids = steps.map(({ path }) => posix.basename(path, ".md"));
    return { ...common, id: null, title: null, kind: null, path: null, changes: {}, ids };
  }
  const before = await objects.snapshot(step.from, step.before);
  const after = await objects.snapshot(step.path, step.after);
  const ticket = (after ?? before)?.ticket;
  return {
    ...common,
    id: ticket?.id ?? posix.basename(step.path, ".md"),
    title: ticket?.title ?? null,
    kind: kindOf(step),
    path: step.path,
    changes: changesOf(before, after),
    ...(patch ? { patch: await objects.patch(step) } : {}),
  };
}

function kindOf({ before, after, from, path }: Step): StepKind {
  if (after === null) return "deleted";
  if (before === null) return "created";
  if (posix.dirname(from) === posix.dirname(path)) return from === path ? "changed" : "renamed";
  return posix.dirname(path) === "." ? "restored" : "archived";
}
