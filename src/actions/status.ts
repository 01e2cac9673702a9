import * as v from "valibot";
import type { Draft } from "../store/change/draft.ts";
import { isFinished, type View } from "../store/disk/view.ts";
import { assertSelf } from "../store/open/identity.ts";
import type { Store } from "../store/open/store.ts";
import { isAuthor } from "../ticket/authors.ts";
import type { Column } from "../ticket/board.ts";
import type { FieldChanges } from "../ticket/patchTicket.ts";
import { categoryOf, columnFor } from "../ticket/readiness.ts";
import type { Ticket } from "../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "./answers/describe.ts";
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
} from "./input/action.ts";
import { checkColumn, checkText } from "./input/checkInput.ts";
import { assertVersion } from "./input/conflict.ts";
import { assertNotFinishedByAnother, makesClaims } from "./lifecycle/claims/holder.ts";
import { startingWork } from "./lifecycle/claims/starting.ts";
import { type Begins, confirmed, moving, reached } from "./lifecycle/moving.ts";
import { recordCommits } from "./lifecycle/recordCommits.ts";

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
  /** The tickets, where the ids do not name them. */
  readonly select?: (draft: Draft) => readonly Ticket[];
  /** Refuses what the gate does not know of; only people can force their way past it. */
  readonly check?: (ticket: Ticket, draft: Draft) => void;
  /** More front matter that goes with the move. */
  readonly fields?: (ticket: Ticket, draft: Draft) => FieldChanges;
  /** What changes in a ticket that is in the column already; nothing where this is missing or answers undefined. */
  readonly inPlace?: (ticket: Ticket, draft: Draft) => FieldChanges | undefined;
  /** The note that goes with it, where it is more than the message. */
  readonly note?: (ticket: Ticket, message: string | undefined) => string | undefined;
  /** The event, where the columns do not tell it. */
  readonly event?: string;
  /** Whose work goes on by it. */
  readonly begins?: Begins;
  /** Takes work back or hands it on: no gate and no `transitions:` stand in the way. */
  readonly isUngated?: true;
  /** Claims of the caller's that ran out are given back first, like everybody's. */
  readonly sparesNone?: true;
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
  const work = async (draft: Draft) => {
    const tickets = move.select?.(draft) ?? (await findAll(draft, input.ids));
    await assertVersion(store, draft, tickets, input.ifMatch);
    const result: { readonly id: string; readonly from: string; readonly to: string }[] = [];
    const changed: { readonly ticket: Ticket; readonly to: Column }[] = [];
    for (const ticket of tickets) {
      const { to, isChanged } = await moveOne(store, draft, ticket, { tickets, input, move });
      result.push({ id: ticket.id, from: ticket.status, to: to.id });
      if (!isChanged) continue;
      await recordCommits(store, draft, ticket, to);
      changed.push({ ticket, to });
    }
    before = readyAround(draft.view, tickets);
    const [first] = changed;
    if (first === undefined) return { result };
    const event = move.event ?? eventOf(first.to, first.ticket, draft);
    const named = subjectOf(changed.map(({ ticket }) => ticket));
    const subject = move.subject?.(named, draft.view) ?? `${verbFor(move, draft.view, first)} ${named}`;
    const moved = changed.map(({ ticket }) => ticket.id);
    const sentence = {
      subject,
      event,
      tickets: moved,
      ...(makesClaims(draft) ? { mustCommit: true as const } : {}),
    };
    return { result, sentence };
  };
  const outcome = await change(store, input, work, move.sparesNone ? { sparesNone: true } : {});
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

/** `close`, or `submit` where the review comes first. */
function verbFor(move: Move, view: View, { ticket, to }: { readonly ticket: Ticket; readonly to: Column }): string {
  const isRedirected = to.category === "review" && move.to(view, ticket).category === "done";
  return isRedirected ? "submit" : move.verb;
}

/** The event that reaching a column means; the column's name never matters. */
function eventOf(to: Column, from: Ticket, { view, actor }: Draft): string {
  const isApproval = to.category === "done" && categoryOf(view.board, from.status) === "review";
  if (isApproval && !isAuthor(from, actor.name)) return "approved";
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

/** `ayo-x7k2: Build login`, or `3 tickets: a, b, c`. */
export function subjectOf(tickets: readonly Ticket[]): string {
  const [first] = tickets;
  if (tickets.length === 1 && first !== undefined) return `${first.id}: ${first.title}`;
  return `${tickets.length} tickets: ${tickets.map((ticket) => ticket.id).join(", ")}`;
}

interface Context {
  readonly tickets: readonly Ticket[];
  readonly input: MoveInput;
  readonly move: Move;
}

async function moveOne(
  store: Store,
  draft: Draft,
  ticket: Ticket,
  { tickets, input, move }: Context,
): Promise<{ readonly to: Column; readonly isChanged: boolean }> {
  const { view } = draft;
  if (input.force === true) assertSelf(draft.actor, "--force");
  if (input.force !== true || draft.actor.agent) move.check?.(ticket, draft);
  const wanted = move.to(view, ticket);
  const note = move.note === undefined ? input.message : move.note(ticket, input.message);
  const addNote = (): void => {
    if (note !== undefined) draft.note(ticket, checkText("message", note));
  };
  if (columnFor(view.board, ticket.status)?.id === wanted.id) {
    assertNotFinishedByAnother({ store, actor: draft.actor }, draft, ticket);
    const yes = confirmed(draft, ticket, wanted);
    const fields = { ...move.inPlace?.(ticket, draft), ...yes };
    await draft.patch(ticket, fields);
    if (yes.unconfirmed !== undefined) draft.notices.push(`${ticket.id}: what was changed by hand is confirmed`);
    addNote();
    return { to: wanted, isChanged: note !== undefined || Object.keys(fields).length > 0 };
  }
  const { to, fields } = move.isUngated
    ? { to: wanted, fields: reached(draft, ticket, wanted) }
    : moving(store, draft, ticket, wanted, {
        force: input.force,
        claim: input.claim,
        together: tickets,
        begins: move.begins,
      });
  const restore = ticket.path.startsWith("archive/") && !isFinished(view.board, to.id);
  await draft.patch(ticket, { ...fields, ...move.fields?.(ticket, draft) });
  addNote();
  if (restore) leaveArchive(draft, ticket);
  return { to, isChanged: true };
}

function leaveArchive(draft: Draft, ticket: Ticket): void {
  const text = draft.read(ticket);
  draft.put(ticket.path, null);
  draft.put(ticket.path.slice(ticket.path.lastIndexOf("/") + 1), text);
}

function around(view: View, ids: readonly string[]): Ticket[] {
  return ids.flatMap((id) => {
    const parent = view.byId.get(id)?.fields.parent;
    const above = parent === undefined ? undefined : view.byId.get(parent);
    return [...view.dependents(id), ...(above === undefined ? [] : [above])];
  });
}

/** The tickets around some that are ready. */
export function readyAround(view: View, tickets: readonly Ticket[]): Set<string> {
  const near = around(
    view,
    tickets.map((ticket) => ticket.id),
  );
  return new Set(near.filter((ticket) => view.isReady(ticket)).map((ticket) => ticket.id));
}

/** The tickets around some that are ready and were not. */
export function newlyReady(view: View, ids: readonly string[], before: ReadonlySet<string>): Moved["nowReady"] {
  const ready = around(view, ids).filter((ticket) => !before.has(ticket.id) && view.isReady(ticket));
  return [...new Map(ready.map(({ id, title }) => [id, { id, title }])).values()];
}

/** `ayo ticket status <id> <column>`. */
export const status = action({
  name: "status",
  summary: "Move tickets to a column of the board",
  writes: true,
  input: v.object({ ...moveInput, column: text("the column's id") }),
  run: (store, input) => {
    const agents = startingWork(store, input.claim);
    const isThere = (ticket: Ticket, { actor, view }: Draft): boolean => {
      const to = checkColumn(view.board, input.column);
      return actor.agent && to.category === "active" && columnFor(view.board, ticket.status)?.id === to.id;
    };
    return moveTickets(store, input, {
      verb: "move",
      subject: (tickets, view) => `move to ${checkColumn(view.board, input.column).id}: ${tickets}`,
      to: (view) => checkColumn(view.board, input.column),
      // Of several agents who move one ticket into work only the first may believe that it is theirs.
      check: (ticket, draft) => {
        if (isThere(ticket, draft)) agents.check(ticket, draft);
      },
      inPlace: (ticket, draft) => (isThere(ticket, draft) ? agents.inPlace(ticket, draft) : undefined),
    });
  },
});
