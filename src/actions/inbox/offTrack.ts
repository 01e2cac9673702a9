import { posix } from "node:path";
import type { View } from "../../store/disk/view.ts";
import { type HistoryObjects, historyObjects } from "../../store/history/historyObjects.ts";
import { type HistoryTable, handRows } from "../../store/history/historyTable.ts";
import { type PastRow, pastsOf } from "../../store/history/pasts.ts";
import { type Step, stepsOf } from "../../store/history/ticketHistory.ts";
import type { Store } from "../../store/open/store.ts";
import { DEFAULT_LEASE_MS, isAgent } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { gatesPassed } from "../../ticket/rules/handGates.ts";
import { isSaidVerified } from "../../ticket/rules/verify.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import { formatDuration, parseTime } from "../../ticket/time.ts";
import type { Groups, Looked, Need } from "./item.ts";
import { holderOf } from "./states.ts";

const HOUR = 60 * 60 * 1000;
/** Work that nobody touched for so long is asked about. */
export const STALE_MS = 72 * HOUR;
/** For so long a hand edit past a gate is told. */
const SKIPPED_MS = 7 * 24 * HOUR;
/** So often sent back, or taken over, is once too often. */
const BACK_AND_FORTH = 3;
const TAKEN_OVER = 2;

/** Why work that nobody touches is asked about; undefined where it goes on. `changedAt` in milliseconds. */
export function staleReason(
  view: View,
  { fields: { lease } }: Ticket,
  changedAt: number | undefined,
): string | undefined {
  const until = lease === undefined ? undefined : parseTime(lease);
  if (until !== undefined && until <= view.now) return "the claim ran out";
  if (until !== undefined || view.now - (changedAt ?? view.now) < STALE_MS) return undefined;
  return "in work, and nothing happens";
}

/** Commits after which nobody holds a ticket any more, and that are no loss. */
const LETTING_GO: ReadonlySet<string | undefined> = new Set(
  "released submitted approved rejected closed cancelled failed reopened blocked asked".split(" "),
);

/** How often a ticket was taken from who held it, as its commits tell: by another's claim, or after its lease ran out. */
export function takeoversIn(rows: readonly PastRow[]): number {
  let holder: string | undefined;
  let count = 0;
  for (const { event, actor } of rows.toReversed()) {
    if (event === "claimed" || event === "started") {
      if (holder !== undefined && holder !== actor) count++;
      holder = actor;
    } else if (LETTING_GO.has(event)) holder = undefined;
    if (event === "reopened") count = 0;
  }
  return count;
}

/** What somebody works on, or has worked on: nothing else can be off track. */
export function workedOn({ open, active }: Groups): Ticket[] {
  const isActive = new Set(active);
  return open.filter((ticket) => isActive.has(ticket) || fieldOf(ticket, "authors") !== undefined);
}

/** What looks as if nobody had it in hand: told to people. */
export async function offTrackNeeds(looked: Looked): Promise<Need[]> {
  const needs = workedOn(looked.groups).flatMap((ticket) => inWork(looked, ticket));
  return [...needs, ...(await sameScope(looked)), ...(await skippedGates(looked))];
}

/** What compares texts is loaded where two have something in work. */
async function sameScope(looked: Looked): Promise<Need[]> {
  const active = looked.groups.active.filter((ticket) => fieldOf(ticket, "claimedBy") !== undefined);
  if (active.length < 2) return [];
  const { sameScopeNeeds } = await import("./sameScope.ts");
  return sameScopeNeeds(looked, active);
}

function inWork({ view, past }: Looked, ticket: Ticket): Need[] {
  const rows = past(ticket);
  const { id, title, fields } = ticket;
  const need = (what: string, text: string, about: string, at: number | undefined): Need => ({
    key: `${id}:${what}`,
    kind: "off_track",
    id,
    title,
    by: holderOf(ticket),
    at,
    text,
    act: what === "stale" || what === "idle" ? "show" : "history",
    about,
  });
  const last = rows[0] === undefined ? parseTime(fields.started ?? "") : rows[0].time * 1000;
  const stale = categoryOf(view.board, ticket.status) === "active" ? staleReason(view, ticket, last) : undefined;
  const takeovers = takeoversIn(rows);
  const rejected = rows.filter(({ event }) => event === "rejected").length;
  const idle = stale === undefined ? idleSince(view, ticket, rows) : undefined;
  return [
    ...(stale === undefined ? [] : [need("stale", stale, rows[0]?.oid ?? "", last)]),
    ...(idle === undefined
      ? []
      : [
          need(
            "idle",
            `held for ${formatDuration(view.now - idle).split(" ")[0]}, no note and no commit`,
            String(idle),
            idle,
          ),
        ]),
    ...(takeovers < TAKEN_OVER ? [] : [need("taken-over", `taken over ${takeovers} times`, String(takeovers), last)]),
    ...(rejected < BACK_AND_FORTH ? [] : [need("rejected", `sent back ${rejected} times`, String(rejected), last)]),
  ];
}

/** Commits that only keep a claim. */
const HOLDING: ReadonlySet<string | undefined> = new Set(["claimed", "started", "renewed", "claim_kept"]);

/** Since when an agent holds a ticket without a word and a commit, where that is longer than a lease. */
function idleSince(view: View, ticket: Ticket, rows: readonly PastRow[]): number | undefined {
  const { claimedBy, lease, commits = [] } = ticket.fields;
  if (claimedBy === undefined || lease === undefined || !isAgent(claimedBy) || commits.length > 0) return undefined;
  const own = rows.findIndex(({ actor, event }) => actor === claimedBy && (event === "claimed" || event === "started"));
  const since = rows[own];
  if (since === undefined) return undefined;
  const did = rows.slice(0, own).some(({ actor, event }) => actor === claimedBy && !HOLDING.has(event));
  const length = view.config.lease ?? DEFAULT_LEASE_MS;
  return did || view.now - since.time * 1000 < length ? undefined : since.time * 1000;
}

/** A ticket that a hand edit finished past a gate. */
interface Skipped {
  readonly ticket: Ticket;
  readonly row: PastRow;
}

async function skippedGates({ store, view, table }: Looked): Promise<Need[]> {
  return (await skippedSince(store, view, table, view.now - SKIPPED_MS)).map(
    ({ ticket: { id, title, status }, row }) => ({
      key: `${id}:gate`,
      kind: "off_track",
      id,
      title,
      by: row.actor,
      at: row.time * 1000,
      text: `${status} by hand, past the gate`,
      act: "history",
      about: row.oid,
    }),
  );
}

/** Hand edits since a time, in milliseconds, that did what a gate would have refused, and still stand so. */
async function skippedSince(store: Store, view: View, table: HistoryTable, since: number): Promise<Skipped[]> {
  const { journal } = store;
  if (journal === undefined) return [];
  const objects = historyObjects(store, journal);
  const found = new Map<string, Skipped>();
  for (const row of handRows(table, since / 1000)) {
    for (const step of stepsOf(row)) {
      const ticket = view.byId.get(posix.basename(step.path, ".md"));
      if (ticket === undefined || found.has(ticket.id) || step.before === null || !isDone(view, ticket)) continue;
      if (await isSkip(view, objects, step, ticket)) found.set(ticket.id, { ticket, row });
    }
  }
  return withoutConfirmed(table, [...found.values()]);
}

/** What is anything else now stands no more as it was edited: most hand edits are told apart without reading them. */
function isDone({ board }: View, ticket: Ticket): boolean {
  return categoryOf(board, ticket.status) === "done" && fieldOf(ticket, "unconfirmed") === undefined;
}

/** A person has said yes to the others since. */
function withoutConfirmed(table: HistoryTable, skipped: readonly Skipped[]): Skipped[] {
  const nameOf = ({ ticket }: Skipped): string => posix.basename(ticket.path, ".md");
  const pasts = pastsOf(table, new Set(skipped.map(nameOf)));
  return skipped.filter((one) => {
    const rows = pasts.get(nameOf(one)) ?? [];
    const since = rows.slice(
      0,
      Math.max(
        0,
        rows.findIndex(({ oid }) => oid === one.row.oid),
      ),
    );
    return !since.some(({ event }) => event === "confirmed");
  });
}

/** Whether a step by hand finished a ticket past a gate, and it stands so without waiting for anybody. */
async function isSkip(view: View, objects: HistoryObjects, step: Step, now: Ticket): Promise<boolean> {
  const before = await objects.snapshot(step.from, step.before);
  const after = await objects.snapshot(step.path, step.after);
  if (before === undefined || after === undefined || after.ticket.status !== now.status) return false;
  const { verify, ...others } = view.board;
  // A person need not have what was seen to pass run once more.
  const isVerified = verify === undefined || isSaidVerified(view.board, before.ticket);
  return gatesPassed(before.ticket, after, isVerified ? others : view.board).includes("status");
}
