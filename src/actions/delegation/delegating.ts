import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { isFinished } from "../../store/disk/view.ts";
import { runTicketOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import {
  chainAbove,
  chainOf,
  DELEGATION_LIMITS,
  isIn,
  isKept,
  isOfAgent,
  overLimit,
} from "../../ticket/rules/delegation.ts";
import type { Fields, Ticket } from "../../ticket/ticket.ts";
import { assertNoCircle, delegationRefused } from "../lifecycle/claims/circle.ts";

/** Where a new ticket comes from, as its file says it. */
export type Descent = Pick<Fields, "delegatedBy" | "discoveredFrom">;

/**
 * Where a new ticket comes from: an agent that makes a part of its own ticket for somebody hands work on, and whatever it
 * makes in a run comes from the run's ticket. Within limits, and never back to those it has its work from.
 * @throws delegation_refused, needs_person, transition_refused
 */
export async function descentOf(store: Store, draft: Draft, fields: Fields, isAsked: boolean): Promise<Descent> {
  const { actor, view } = draft;
  const { assignee = [], parent: parentId = "" } = fields;
  const parent = view.byId.get(parentId);
  if (fields.delegatedBy !== undefined && fields.delegatedBy !== actor.name && actor.agent) throw notYours();
  if (isAsked) assertOpen(draft, parent);
  const run = runTicketOf(store.host);
  const isPart = parent !== undefined && (parent.id === run || isTheirs(parent, actor.name));
  const isHandedOn = isAsked || isForOthers(fields, actor.name);
  if (isHandedOn || parent?.id === run) assertNotPlanning(draft, run);
  const isDelegated = isAsked || (actor.agent && isPart && isHandedOn);
  const descent: Descent = {
    ...(isDelegated ? { delegatedBy: actor.name } : {}),
    ...(run === undefined || (isDelegated && parent?.id === run) ? {} : { discoveredFrom: run }),
  };
  if (actor.agent) await assertWithin(store, draft, { ...fields, ...descent }, { parent, assignee });
  return descent;
}

/** Who is to do a ticket, and what it is a part of. */
type Handing = Pick<Fields, "assignee" | "parent" | "role">;

/**
 * What a change says besides by which an agent gives a part of its own ticket to somebody: it hands the part on, as if it
 * had made it for him.
 * @throws delegation_refused, needs_person
 */
export async function handingOn(store: Store, draft: Draft, ticket: Ticket, next: Handing): Promise<Descent> {
  const { actor, view } = draft;
  const { fields } = ticket;
  const { name } = actor;
  const run = runTicketOf(store.host);
  if (!actor.agent || !isForOthers(next, name) || !isOtherwise(fields, next)) return {};
  const parent = view.byId.get(next.parent ?? "");
  if (parent === undefined || (parent.id !== run && !isTheirs(parent, name))) return {};
  assertNotPlanning(draft, run);
  if (fields.delegatedBy !== undefined) return {};
  // What it made in a run is counted already, and does not go back to those above it.
  if (isOfAgent(fields))
    await assertNoCircle(store, [...chainOf(view.byId, parent), name], next.assignee ?? [], ticket);
  else await assertWithin(store, draft, { ...fields, delegatedBy: name }, { parent, assignee: next.assignee ?? [] });
  return { delegatedBy: name };
}

/** Whether others are to do it than before, or it becomes a part of something else. */
function isOtherwise(before: Handing, next: Handing): boolean {
  const { assignee: known = [] } = before;
  const { assignee = [] } = next;
  if (before.parent !== next.parent || assignee.some((one) => !isIn(known, one))) return true;
  return assignee.length === 0 && (known.length > 0 || before.role !== next.role);
}

/** Whether somebody else is to do it: by name, or whoever has a role. */
function isForOthers({ assignee = [], role }: Pick<Fields, "assignee" | "role">, name: string): boolean {
  return assignee.length > 0 ? !assignee.every((one) => isSameName(one, name)) : role !== undefined;
}

function isTheirs({ fields: { claimedBy, assignee = [] } }: Ticket, name: string): boolean {
  return isSameName(claimedBy, name) || isIn(assignee, name);
}

async function assertWithin(
  store: Store,
  { view, actor }: Draft,
  fields: Fields,
  { parent, assignee }: { readonly parent: Ticket | undefined; readonly assignee: readonly string[] },
): Promise<void> {
  if (!isOfAgent(fields)) {
    if (parent !== undefined) await assertNoCircle(store, chainAbove(view.byId, parent), assignee, parent);
    return;
  }
  const { discoveredFrom } = fields;
  const above = discoveredFrom === undefined ? parent : view.byId.get(discoveredFrom);
  if (above === undefined) return;
  const over = overLimit(view.byId, above, view.board.delegation ?? DELEGATION_LIMITS);
  if (over !== undefined) {
    const { limit, most, id } = over;
    const fact = {
      depth: `work of ${id} may be handed on ${most} levels deep`,
      children: `agents may make ${most} tickets for ${id}`,
      tickets: `agents may make ${most} tickets below ${id}`,
    }[limit];
    throw delegationRefused(`${fact}, and no more (delegation.${limit} in config.yml)`, above.id, { limit, most, id });
  }
  const isOwn = isKept(fields, above);
  const chain = isOwn ? chainAbove(view.byId, above) : [...chainOf(view.byId, above), actor.name];
  await assertNoCircle(store, chain, assignee, above);
}

/** @throws transition_refused */
function assertOpen({ view }: Draft, parent: Ticket | undefined): void {
  if (parent === undefined || !isFinished(view.board, parent.status)) return;
  const { id, status } = parent;
  throw new AyoError("transition_refused", `${id} is ${status}: nothing of it is handed on any more`, {
    try: ["ayo", "ticket", "reopen", id],
    data: { id, from: status },
  });
}

/** Who plans makes no parts, and hands nothing on, before a person has seen the plan. @throws needs_person */
function assertNotPlanning({ actor, view }: Draft, run: string | undefined): void {
  const ticket = run === undefined || !actor.agent ? undefined : view.byId.get(run);
  if (ticket?.fields.mode !== "plan") return;
  const { id } = ticket;
  throw new AyoError("needs_person", `${id} is to be planned only: name the parts in the plan`, {
    data: { id, mode: "plan" },
  });
}

function notYours(): AyoError {
  return new AyoError("needs_person", "only a person can say that somebody else handed a ticket on", {
    data: { field: "delegated-by" },
  });
}
