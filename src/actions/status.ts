import * as v from "valibot";
import { AyoError } from "../error.ts";
import type { Draft } from "../store/draft.ts";
import type { Store } from "../store/store.ts";
import { isFinished, type View } from "../store/view.ts";
import type { Column } from "../ticket/board.ts";
import { passGate } from "../ticket/gate.ts";
import { columnFor } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import {
  action,
  change,
  flag,
  ids,
  optionalText,
  text,
  type WriteOptions,
  type Written,
  writeOptions,
} from "./action.ts";
import { checkColumn, checkText } from "./checkInput.ts";
import { type TicketJson, ticketJson } from "./describe.ts";
import { recordCommits } from "./recordCommits.ts";

/** What every verb of the lifecycle takes. */
export const moveInput = {
  ids,
  message: optionalText("a note that goes with the change"),
  force: flag("also with open dependencies or children"),
  ...writeOptions,
};

/** What a verb of the lifecycle answers. */
export interface Moved extends Written {
  readonly tickets: readonly (TicketJson & { readonly from: string })[];
  /** Tickets that became ready by this change. */
  readonly nowReady: readonly { readonly id: string; readonly title: string }[];
}

/** How a verb moves tickets. */
export interface Move {
  /** The sentence's verb: `close`. */
  readonly verb: string;
  readonly to: (view: View, ticket: Ticket) => Column;
  /** The whole sentence, where `verb` and tickets do not make one. */
  readonly subject?: (tickets: string, view: View) => string;
  /** Refuses what the gate does not know of. */
  readonly check?: (ticket: Ticket, draft: Draft) => void;
  /** More front matter that goes with the move. */
  readonly fields?: (ticket: Ticket, draft: Draft) => Parameters<Draft["patch"]>[1];
}

interface MoveInput extends WriteOptions {
  readonly ids: readonly string[];
  readonly message?: string | undefined;
  readonly force?: boolean | undefined;
}

/**
 * Moves tickets to a column, all or none; a ticket that is there already is left as it is.
 * @throws not_found, ambiguous_id, blocked, open_children, transition_refused, conflict
 */
export async function moveTickets(store: Store, input: MoveInput, move: Move): Promise<Moved> {
  let before: ReadonlySet<string> = new Set();
  const outcome = await change(store, input, async (draft) => {
    const tickets = await findAll(draft, input.ids);
    assertVersion(tickets, input.ifMatch);
    const moving: Ticket[] = [];
    for (const ticket of tickets) {
      if (!(await moveOne(draft, ticket, tickets, input, move))) continue;
      await recordCommits(store, draft, ticket, move.to(draft.view, ticket));
      moving.push(ticket);
    }
    before = readyAround(draft.view, tickets);
    const result = tickets.map((ticket) => ({
      id: ticket.id,
      from: ticket.status,
      to: move.to(draft.view, ticket).id,
    }));
    const [first] = moving;
    if (first === undefined) return { result };
    const event = eventOf(move.to(draft.view, first), first, draft.view);
    const named = subjectOf(moving);
    const subject = move.subject?.(named, draft.view) ?? `${move.verb} ${named}`;
    return { result, sentence: { subject, event, tickets: moving.map((ticket) => ticket.id) } };
  });
  const after = await outcome.after();
  return {
    ...outcome.written,
    tickets: outcome.result.flatMap(({ id, from, to }) => {
      const ticket = after.byId.get(id);
      if (ticket === undefined) return [];
      const json = ticketJson(after, ticket);
      return [input.dryRun ? { ...json, from, status: to } : { ...json, from }];
    }),
    nowReady: newlyReady(
      after,
      outcome.result.map(({ id }) => id),
      before,
    ),
  };
}

/** The event that reaching a column means; the column's name never matters. */
function eventOf(to: Column, from: Ticket, view: View): string {
  if (columnFor(view.board, from.status)?.id === to.id) return "noted";
  if (to.category === "todo") return isFinished(view.board, from.status) ? "reopened" : "moved";
  const events = {
    active: "started",
    blocked: "blocked",
    review: "submitted",
    done: "closed",
    cancelled: "cancelled",
    failed: "failed",
  };
  return events[to.category];
}

/** Several tickets by what the user typed, each once; nothing is changed when one is not found. */
export async function findAll(draft: Draft, wanted: readonly string[]): Promise<Ticket[]> {
  const found = new Map<string, Ticket>();
  for (const id of wanted) {
    const ticket = await draft.find(id);
    found.set(ticket.id, ticket);
  }
  return [...found.values()];
}

/** Refuses a write that was meant for another version of the ticket (`--if-match`). */
export function assertVersion(tickets: readonly Ticket[], version: string | undefined): void {
  if (version === undefined) return;
  const [ticket] = tickets;
  if (tickets.length !== 1 || ticket === undefined) throw new AyoError("bad_usage", "--if-match goes with one ticket");
  const isSame = ticket.version === version || (version.length >= 7 && ticket.version.startsWith(version));
  if (isSame) return;
  throw new AyoError("conflict", `${ticket.id} is at version ${ticket.version.slice(0, 12)}, not ${version}`, {
    try: ["ayo", "ticket", "show", ticket.id],
    data: { id: ticket.id, expected: version, actual: ticket.version },
  });
}

/** `ayo-x7k2: Build login`, or `3 tickets: a, b, c`. */
export function subjectOf(tickets: readonly Ticket[]): string {
  const [first] = tickets;
  if (tickets.length === 1 && first !== undefined) return `${first.id}: ${first.title}`;
  return `${tickets.length} tickets: ${tickets.map((ticket) => ticket.id).join(", ")}`;
}

async function moveOne(
  draft: Draft,
  ticket: Ticket,
  together: readonly Ticket[],
  input: MoveInput,
  move: Move,
): Promise<boolean> {
  const { view } = draft;
  const to = move.to(view, ticket);
  if (input.force !== true) move.check?.(ticket, draft);
  const stays = columnFor(view.board, ticket.status)?.id === to.id;
  if (!stays) {
    const fields = moveFields(draft, ticket, to, input.force === true, together);
    const restore = ticket.path.startsWith("archive/") && !isFinished(view.board, to.id);
    await draft.patch(ticket, { ...fields, ...move.fields?.(ticket, draft) });
    if (input.message !== undefined) draft.note(ticket, checkText("message", input.message));
    if (restore) leaveArchive(draft, ticket);
    return true;
  }
  if (input.message !== undefined) draft.note(ticket, checkText("message", input.message));
  return input.message !== undefined;
}

/**
 * The front matter of a move, once the gate let it pass; `together` move by the same command.
 * @throws blocked, open_children, transition_refused
 */
export function moveFields(
  draft: Draft,
  ticket: Ticket,
  to: Column,
  force: boolean,
  together: readonly Ticket[] = [ticket],
) {
  const goingToo = new Set(together.map((other) => other.id));
  passGate(ticket, to, gateContext(draft.view, ticket, goingToo, to), force);
  return { status: to.id, ...times(draft.view, ticket, to, draft.time) };
}

/** Tickets closed by the same command count as closed for each other. */
function gateContext(view: View, ticket: Ticket, together: ReadonlySet<string>, to: Column) {
  const lookup = {
    get: (id: string) => {
      const found = view.lookup.get(id);
      return found !== undefined && together.has(id) && to.category === "done" ? { ...found, status: to.id } : found;
    },
  };
  const openChildren = view
    .children(ticket.id)
    .filter((child) => !isFinished(view.board, child.status) && !together.has(child.id))
    .map((child) => child.id);
  return { board: view.board, lookup, openChildren };
}

function leaveArchive(draft: Draft, ticket: Ticket): void {
  const text = draft.read(ticket);
  draft.put(ticket.path, null);
  draft.put(ticket.path.slice(ticket.path.lastIndexOf("/") + 1), text);
}

function times(view: View, ticket: Ticket, to: Column, time: string): Parameters<Draft["patch"]>[1] {
  const started = to.category === "active" && ticket.fields.started === undefined ? { started: time } : {};
  if (isFinished(view.board, to.id))
    return { ...started, closed: ticket.fields.closed ?? time, ...withoutClaim(ticket) };
  const wasClosed = ticket.fields.closed === undefined ? {} : { closed: null };
  const unblocked =
    to.category === "blocked" || ticket.fields.blockedReason === undefined ? {} : { blockedReason: null };
  // A ticket that begins anew has not been started.
  const anew = to.category === "todo" && ticket.fields.started !== undefined ? { started: null } : {};
  return { ...started, ...wasClosed, ...unblocked, ...anew, ...(to.category === "todo" ? withoutClaim(ticket) : {}) };
}

/** The keys of a claim that a ticket has, each taken away. */
function withoutClaim({ fields }: Ticket): Parameters<Draft["patch"]>[1] {
  const keys = ["claimedBy", "lease", "claim", "claimBranch", "claimHead"] as const;
  return Object.fromEntries(keys.filter((key) => fields[key] !== undefined).map((key) => [key, null]));
}

function around(view: View, ids: readonly string[]): Ticket[] {
  return ids.flatMap((id) => {
    const parent = view.byId.get(id)?.fields.parent;
    const above = parent === undefined ? undefined : view.byId.get(parent);
    return [...view.dependents(id), ...(above === undefined ? [] : [above])];
  });
}

function readyAround(view: View, tickets: readonly Ticket[]): Set<string> {
  const near = around(
    view,
    tickets.map((ticket) => ticket.id),
  );
  return new Set(near.filter((ticket) => view.isReady(ticket)).map((ticket) => ticket.id));
}

function newlyReady(view: View, ids: readonly string[], before: ReadonlySet<string>): Moved["nowReady"] {
  const ready = around(view, ids).filter((ticket) => !before.has(ticket.id) && view.isReady(ticket));
  return [...new Map(ready.map(({ id, title }) => [id, { id, title }])).values()];
}

/** `ayo ticket status <id> <column>`. */
export const status = action({
  name: "status",
  summary: "Move tickets to a column of the board",
  writes: true,
  input: v.object({ ...moveInput, column: text("the column's id") }),
  run: (store, input) =>
    moveTickets(store, input, {
      verb: "move",
      subject: (tickets, view) => `move to ${checkColumn(view.board, input.column).id}: ${tickets}`,
      to: (view) => checkColumn(view.board, input.column),
    }),
});
