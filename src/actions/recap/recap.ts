import { posix } from "node:path";
import * as v from "valibot";
import { isFinished, readStore, type View } from "../../store/disk/view.ts";
import { findRow, type HistoryTable, readHistory, rowsBackwards } from "../../store/history/historyTable.ts";
import { readLastLook, writeLastLook } from "../../store/history/lastLook.ts";
import { commitOf } from "../../store/history/pastView.ts";
import { readPoint } from "../../store/history/pointInHistory.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import type { Journal, Store } from "../../store/open/store.ts";
import { authorsOf, reviewerOf } from "../../ticket/rules/authors.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { compareReady } from "../../ticket/rules/readyOrder.ts";
import { isUnderReview } from "../../ticket/rules/roles.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";
import { groupsOf, type Need } from "../inbox/item.ts";
import { staleReason } from "../inbox/offTrack.ts";
import {
  askedNeed,
  askingTickets,
  holderOf,
  overdueNeed,
  overdueTickets,
  unconfirmedNeeds,
  unreadableNeeds,
} from "../inbox/states.ts";
import { action, flag, optionalText } from "../input/action.ts";
import { type Happened, happenedSince, lastChanges, takeovers } from "./happened.ts";

/** A ticket in a recap: who and since when, where that is known. */
export interface RecapTicket {
  readonly id: string;
  readonly title: string;
  readonly by: string | null;
  readonly at: string | null;
}

/** What a person reads in the morning; sections may be empty. */
export interface Recap {
  /** Who looks. */
  readonly actor: string;
  readonly since: string;
  /** Why from then: asked for, the last look, or none before this one. */
  readonly from: "asked" | "last_look" | "first_look";
  /** Questions, tickets marked needs-human, and files that cannot be read, whose `id` is the file's name. */
  readonly needsYou: readonly (RecapTicket & {
    readonly kind: "question" | "human" | "overdue" | "unreadable";
    readonly text: string;
  })[];
  /** `by` did the work; `reviewer` is who reviews it now. */
  readonly review: readonly (RecapTicket & { readonly reviewer?: string })[];
  /** What was changed by hand past a gate while agents worked; of config.yml the id is `config`. */
  readonly unconfirmed: readonly (RecapTicket & { readonly text: string })[];
  readonly lookTwice: readonly (RecapTicket & {
    readonly kind: "gate_skipped" | "taken_over" | "stale";
    readonly text: string;
  })[];
  readonly closed: readonly (RecapTicket & { readonly status: string })[];
  readonly inWork: readonly RecapTicket[];
  /** The best of what can be begun; `unlocks` counts the unfinished tickets that wait for it, also through others. */
  readonly readyNext: readonly (RecapTicket & { readonly priority: number; readonly unlocks: number })[];
  readonly readyTotal: number;
}

const HOUR = 60 * 60 * 1000;
/** How far back a first look goes. */
const FIRST_LOOK = 24 * HOUR;
const READY_SHOWN = 5;

/** `ayo recap [--since TIME]`: the one read that leaves a trace, that of having looked. */
export const recap = action({
  name: "recap",
  summary: "Tell what needs you and what happened since you last looked",
  writes: false,
  input: v.object({
    since: optionalText("from this time (2026-11-21, 8h) or commit on, not since you last looked"),
    peek: flag("look without leaving a trace: the next recap begins where this one did"),
    as: optionalText("the agent who looks"),
  }),
  run: async (store, input): Promise<Recap> => {
    const view = await readStore(store);
    const table = await readHistory(store);
    const { name } = actorOf(input.as, store);
    const start = startOf(store, table, name, input.since, view.now);
    const happened = await happenedIn(store, start.after);
    const told = await tell(store, view, table, happened);
    const { journal } = store;
    if (journal !== undefined && input.since === undefined && input.peek !== true) {
      const [newest] = rowsBackwards(table);
      writeLastLook(journal.stateDir, name, { at: view.now, commit: newest?.oid ?? null });
    }
    return { actor: name, since: formatTime(start.time), from: start.from, ...told };
  },
});

interface Start {
  readonly time: number;
  readonly after: string | undefined;
  readonly from: Recap["from"];
}

/** @throws bad_input, not_found for a `since` that means nothing */
function startOf(store: Store, table: HistoryTable, name: string, since: string | undefined, now: number): Start {
  if (since !== undefined) {
    const point = readPoint(table, "since", since, now);
    const time = "row" in point ? point.row.time * 1000 : point.time;
    return { time, after: commitOf(table, point)?.oid, from: "asked" };
  }
  const last = store.journal === undefined ? undefined : readLastLook(store.journal.stateDir, name);
  const time = last?.at ?? now - FIRST_LOOK;
  const seen = findRow(table, last?.commit ?? "")?.oid;
  return { time, after: seen ?? commitOf(table, { time })?.oid, from: last === undefined ? "first_look" : "last_look" };
}

const NOTHING: Happened = { finished: new Map(), skipped: new Map(), lostClaims: new Set() };

function happenedIn(store: Store, after: string | undefined): Promise<Happened> {
  return store.journal === undefined ? Promise.resolve(NOTHING) : happenedSince(store, store.journal, after);
}

async function tell(store: Store, view: View, table: HistoryTable, happened: Happened) {
  const of = (category: string) => view.tickets.filter(({ status }) => categoryOf(view.board, status) === category);
  const [active, review] = [of("active"), of("review")];
  const last = lastChanges(table, new Set([...active, ...review].map(({ path }) => posix.basename(path))));
  const changedAt = (ticket: Ticket): number | undefined => {
    const time = last.get(posix.basename(ticket.path))?.time;
    return time === undefined ? undefined : time * 1000;
  };
  const stale = active.flatMap((ticket) => staleIn(view, ticket, changedAt(ticket)));
  const isStale = new Set(stale.map(({ id }) => id));
  const ready = view.tickets.filter((ticket) => view.isReady(ticket)).sort(compareReady);
  return {
    needsYou: needsYou(view),
    review: review.map((ticket) => reviewIn(view, ticket, timeOf(changedAt(ticket)))),
    unconfirmed: unconfirmedIn(view),
    lookTwice: [...skippedIn(view, happened), ...(await takenOver(store, view, table, happened)), ...stale],
    closed: finishedIn(view, happened),
    inWork: active
      .filter((ticket) => !isStale.has(ticket.id) && !view.isReady(ticket))
      .map((ticket) => recapOf(ticket, holderOf(ticket), ticket.fields.started ?? null)),
    readyNext: ready.slice(0, READY_SHOWN).map((ticket) => ({
      ...recapOf(ticket, ticket.fields.assignee?.join(", ") ?? null, ticket.fields.created ?? null),
      priority: ticket.fields.priority ?? 2,
      unlocks: unlocks(view, ticket.id),
    })),
    readyTotal: ready.length,
  };
}

function recapOf({ id, title }: Pick<Ticket, "id" | "title">, by: string | null, at: string | null): RecapTicket {
  return { id, title, by, at };
}

function reviewIn({ now }: View, ticket: Ticket, at: string | null): Recap["review"][number] {
  const reviewer = isUnderReview(ticket, now) ? reviewerOf(ticket) : undefined;
  const told = recapOf(ticket, authorsOf(ticket).join(", ") || null, at);
  return reviewer === undefined ? told : { ...told, reviewer };
}

function timeOf(time: number | undefined): string | null {
  return time === undefined ? null : formatTime(time);
}

function needsYou(view: View): Recap["needsYou"] {
  const recapped = <K extends "question" | "human" | "overdue" | "unreadable">(need: Need, kind: K) => ({
    ...recapOf(need, need.by, null),
    kind,
    text: need.text,
  });
  const groups = groupsOf(view);
  return [
    ...askingTickets(groups)
      .map(askedNeed)
      .map((need) => recapped(need, need.kind === "human" ? "human" : "question")),
    ...overdueTickets(view, groups).map((ticket) => recapped(overdueNeed(ticket), "overdue")),
    ...unreadableNeeds(view.problems).map((need) => recapped(need, "unreadable")),
  ];
}

function unconfirmedIn(view: View): Recap["unconfirmed"] {
  return unconfirmedNeeds(view).map((need) => ({ ...recapOf(need, null, null), text: need.text }));
}

function skippedIn(view: View, { skipped }: Happened): Recap["lookTwice"] {
  return [...skipped.values()].map(({ ticket, actor, at }) => ({
    ...recapOf(view.byId.get(ticket.id) ?? ticket, actor, at),
    kind: "gate_skipped" as const,
    text: `${ticket.status} by hand, past the gate`,
  }));
}

async function takenOver(
  store: Store,
  view: View,
  table: HistoryTable,
  { lostClaims }: Happened,
): Promise<Recap["lookTwice"]> {
  const found: Recap["lookTwice"][number][] = [];
  for (const id of lostClaims) {
    const ticket = view.byId.get(id);
    if (ticket === undefined || isFinished(view.board, ticket.status)) continue;
    const count = await takeovers(store, store.journal as Journal, table, ticket, view.board);
    if (count < 2) continue;
    found.push({ ...recapOf(ticket, holderOf(ticket), null), kind: "taken_over", text: `taken over ${count} times` });
  }
  return found;
}

function staleIn(view: View, ticket: Ticket, changedAt: number | undefined): Recap["lookTwice"][number][] {
  const touched = changedAt ?? parseTime(ticket.fields.started ?? "") ?? view.now;
  const text = staleReason(view, ticket, touched);
  return text === undefined ? [] : [{ ...recapOf(ticket, holderOf(ticket), timeOf(touched)), kind: "stale", text }];
}

function finishedIn(view: View, { finished }: Happened): Recap["closed"] {
  return [...finished.values()]
    .filter(({ ticket }) => isFinished(view.board, view.byId.get(ticket.id)?.status ?? ticket.status))
    .map(({ ticket, actor, at }) => ({ ...recapOf(ticket, actor, at), status: ticket.status }));
}

/** Unfinished tickets that wait for one, directly or through others. */
function unlocks(view: View, id: string): number {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependent of view.dependents(next)) {
      if (found.has(dependent.id) || isFinished(view.board, dependent.status)) continue;
      found.add(dependent.id);
      open.push(dependent.id);
    }
  }
  return found.size;
}
