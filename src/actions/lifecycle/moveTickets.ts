import * as v from "valibot";
import type { Draft } from "../../store/change/draft.ts";
import { isFinished, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { isAuthor } from "../../ticket/rules/authors.ts";
import type { Column } from "../../ticket/rules/board.ts";
import { categoryOf, columnFor } from "../../ticket/rules/columns.ts";
import { rememberedColumn } from "../../ticket/rules/phases.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type TicketJson, ticketJson } from "../answers/describe.ts";
import { ticketsOf } from "../answers/written.ts";
import { type ChangeOptions, change, flag, ids, optionalText, type Written, writeOptions } from "../input/action.ts";
import { commitId } from "../input/commitId.ts";
import { assertVersion } from "../input/conflict.ts";
import { makesClaims } from "./claims/holder.ts";
import { findAll, subjectOf } from "./findAll.ts";
import { type NowReady, newlyReady, readyAround } from "./nowReady.ts";
import { stepTo } from "./phases.ts";
import { recordCommits } from "./recordCommits.ts";
import { isForced, type MoveInput, makeStep, type Step } from "./step.ts";

/** What every verb of the lifecycle takes. */
export const moveInput = {
  ids,
  message: optionalText("a note that goes with the change"),
  force: flag("also where rules stand in the way; for people"),
  ...writeOptions,
};

/** What verbs take that may end work: a commit of it. */
export const commitInput = {
  commit: v.optional(commitId("a commit to record in the ticket, which needs no such word")),
};

/** What verbs take that may hand work in. */
export const outputInput = {
  output: v.optional(v.pipe(v.unknown(), v.description("what the work made, as JSON"))),
};

/** What a verb of the lifecycle answers. */
export interface Moved extends Written {
  readonly tickets: readonly (TicketJson & { readonly from: string })[];
  /** Tickets that became ready by this change. */
  readonly nowReady: NowReady;
}

/** How a verb moves tickets. */
export interface Move {
  /** The verb of the commit's subject: `close`. */
  readonly verb: string;
  /** What becomes of a ticket. */
  readonly step: (ticket: Ticket, draft: Draft) => Step;
  /** Refuses what the gate does not know of; only people can force their way past it. */
  readonly check?: (ticket: Ticket, draft: Draft) => void;
  /** The event, where the columns do not tell it. */
  readonly event?: string | undefined;
  /** The whole subject, where the verb and the tickets do not make one. */
  readonly subject?: (tickets: string, draft: Draft) => string;
  /** The run of an agent that ends with it, and how: `2 ok`. */
  readonly run?: string;
  /** The tickets, where the ids do not name them. */
  readonly select?: (draft: Draft) => readonly Ticket[] | Promise<readonly Ticket[]>;
}

/** One ticket that a command changed. */
interface Changed {
  readonly ticket: Ticket;
  readonly to: Column;
  /** Where the verb sends it; where review is required it goes there first. */
  readonly wanted: Column;
}

/**
 * Moves tickets to a column, all or none; a ticket that is there already is left as it is. `sparesNone`: claims of the
 * caller's that ran out are given back first, like everybody's.
 * @throws not_found, ambiguous_id, blocked, open_children, transition_refused, conflict
 */
export async function moveTickets(
  store: Store,
  input: MoveInput,
  move: Move,
  options: ChangeOptions = {},
): Promise<Moved> {
  const outputs = input.output === undefined ? undefined : await import("../output/handIn.ts");
  await outputs?.judgeOutput(store, input, move.verb);
  let before: ReadonlySet<string> = new Set();
  const work = async (draft: Draft) => {
    const tickets = (await move.select?.(draft)) ?? (await findAll(draft, input.ids));
    await assertVersion(store, draft, tickets, input.ifMatch);
    const result: { readonly id: string; readonly from: string; readonly to: string }[] = [];
    const changed: Changed[] = [];
    for (const ticket of tickets) {
      if (!isForced(draft, input)) move.check?.(ticket, draft);
      const own = move.step(ticket, draft);
      const handed = await outputs?.handIn(store, draft, ticket, {
        value: input.output,
        claim: input.claim,
        verb: move.verb,
      });
      const step = handed === undefined ? own : { ...own, fields: { ...own.fields, ...handed } };
      const { to, isChanged } = await makeStep(store, draft, ticket, step, { input, tickets });
      result.push({ id: ticket.id, from: ticket.status, to: to.id });
      if (!isChanged) continue;
      await recordCommits(store, draft, ticket, to, input.commit);
      changed.push({ ticket, to, wanted: step.to });
    }
    before = readyAround(draft.view, tickets);
    const sentence = sentenceOf(move, draft, changed);
    return sentence === undefined ? { result } : { result, sentence };
  };
  const outcome = await change(store, input, work, options);
  const after = await outcome.after();
  const ids = outcome.result.map(({ id }) => id);
  const nowReady = newlyReady(after, ids, before);
  const moved = new Map((await ticketsOf(store, after, ids)).map((ticket) => [ticket.id, ticket]));
  const told = input.dryRun === true ? [] : await goOn(store, input, after, nowReady);
  return {
    ...outcome.written,
    ...(told.length === 0 ? {} : { notices: [...outcome.written.notices, ...told] }),
    tickets: outcome.result.flatMap(({ id, from, to }) => {
      const ticket = moved.get(id);
      if (ticket === undefined) return [];
      const json = ticketJson(after, ticket);
      return [input.dryRun ? { ...json, from, status: to } : { ...json, from }];
    }),
    nowReady,
  };
}

/** Moves tickets that became ready to the phases that they remember. Returns what to tell. */
async function goOn(store: Store, { as }: MoveInput, view: View, nowReady: NowReady): Promise<readonly string[]> {
  const told: string[] = [];
  for (const { id } of nowReady) {
    const ticket = view.byId.get(id);
    const to = ticket === undefined ? undefined : rememberedColumn(view, ticket);
    if (to === undefined) continue;
    const move: Move = { verb: "move to its phase:", step: (one, draft) => stepTo(to, one, draft) };
    try {
      told.push(...(await moveTickets(store, { ids: [id], as }, move)).notices);
    } catch (error) {
      told.push(`${id} was not moved to ${to.id}: ${(error as Error).message}`);
    }
  }
  return told;
}

/** What the commit says; nothing where nothing changed. */
function sentenceOf(move: Move, draft: Draft, changed: readonly Changed[]) {
  const [first] = changed;
  if (first === undefined) return undefined;
  const named = subjectOf(changed.map(({ ticket }) => ticket));
  return {
    subject: move.subject?.(named, draft) ?? `${verbFor(move, first)} ${named}`,
    event: move.event ?? eventOf(first.to, first.ticket, draft),
    tickets: changed.map(({ ticket }) => ticket.id),
    ...(move.run === undefined ? {} : { run: move.run }),
    ...(makesClaims(draft) ? { mustCommit: true as const } : {}),
  };
}

/** `close`, or `submit` where the review comes first. */
function verbFor({ verb }: Move, { to, wanted }: Changed): string {
  return to.category === "review" && wanted.category === "done" ? "submit" : verb;
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
