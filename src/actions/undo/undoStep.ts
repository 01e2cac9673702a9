import { existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { parseText, withYaml } from "../../store/disk/readFile.ts";
import { isFinished } from "../../store/disk/view.ts";
import type { HistoryObjects } from "../../store/history/historyObjects.ts";
import type { Step } from "../../store/history/ticketHistory.ts";
import { assertSelf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { changesOf, type Snapshot } from "../../ticket/events/changes.ts";
import type { Board } from "../../ticket/rules/board.ts";
import { categoryOf, columnFor } from "../../ticket/rules/columns.ts";
import { countsStill } from "../../ticket/rules/counting.ts";
import { isOfAgent } from "../../ticket/rules/delegation.ts";
import { passGate } from "../../ticket/rules/gate.ts";
import { isReviewLifted } from "../../ticket/rules/handGates.ts";
import { isOpenChild } from "../../ticket/rules/readiness.ts";
import { assertRoom } from "../../ticket/rules/room.ts";
import { isVerifyLifted } from "../../ticket/rules/verify.ts";
import { parseCriteria } from "../../ticket/text/criteria.ts";
import { patchFields } from "../../ticket/text/patchTicket.ts";
import { type Ticket, ticketWith } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import { othersIn } from "../lifecycle/moving/room.ts";
import { bringOutput } from "../output/bringOutputs.ts";
import { CHANGED_SINCE, reverseText } from "./reverseText.ts";
import type { Kept, UndoneTicket } from "./undone.ts";

/** What stays of a step, without who changed it since. */
export type KeptPart = Omit<Kept, "by">;

/** How taking back one step went. */
interface StepUndone {
  readonly ticket?: UndoneTicket;
  readonly kept: readonly KeptPart[];
}

/** Why an agent's undo leaves a ticket that agents made, as `delete` does. */
const COUNTS = "it counts until what it is for is finished: only a person can delete it";

/** Takes back in the draft what a commit did to one ticket, as far as it still is so. */
export async function undoStep(store: Store, draft: Draft, objects: HistoryObjects, step: Step): Promise<StepUndone> {
  const before = await objects.snapshot(step.from, step.before);
  const after = await objects.snapshot(step.path, step.after);
  const id = (after ?? before)?.ticket.id ?? path.posix.basename(step.path, ".md");
  const stays = (reason: string): StepUndone => ({ kept: [{ id, field: null, reason }] });
  if (step.after === null)
    return restore(store, draft, id, step, before) ?? stays("there is a ticket of this id again");
  const now = await current(store, draft, id);
  if (now === undefined) return step.before === null ? { kept: [] } : stays("deleted since");
  if (step.before === null) return remove(draft, now, after) ?? stays(CHANGED_SINCE);
  if (before === undefined || after === undefined) return stays("was no readable ticket: mend the file by hand");
  const fixed = fixedFor(draft);
  const then = await withOutputBack(store, draft, now, { before, after });
  const veto = (field: string): string | undefined => vetoOf(draft, then, before, field);
  const { text, kept } = await reverseText({ before, after, now, veto, fixed });
  const target = now.ticket.path === step.path ? step.from : now.ticket.path;
  const isFree = target === now.ticket.path || !existsSync(path.join(store.dir, target));
  const parts = kept.map((one) => ({ id, ...one }));
  if (!isFree) parts.push({ id, field: "path", reason: `${target} exists again` });
  const settled = await withoutOverdue(draft, now, text);
  return { ...(await rewrite(draft, now, settled, isFree ? target : now.ticket.path)), kept: parts };
}

/** Puts an output in its place that comes back with the step: by that it is told whether the ticket can be done again. */
async function withOutputBack(
  store: Store,
  draft: Draft,
  now: Snapshot,
  { before, after }: { readonly before: Snapshot; readonly after: Snapshot },
): Promise<Snapshot> {
  const { ticket } = now;
  const [was, became, is] = [before, after, now].map((one) => one.ticket.fields.outputId);
  if (was === undefined || was === is || is !== became || vetoOf(draft, now, before, "outputId") !== undefined)
    return now;
  const then = ticketWith(ticket, { fields: { ...ticket.fields, outputId: was } });
  await bringOutput(store, draft, then);
  return { ...now, ticket: then };
}

/** A question that comes back after its time waits for a person: its default would be in force at once. */
async function withoutOverdue({ view }: Draft, { ticket }: Snapshot, text: string): Promise<string> {
  if (ticket.fields.question !== undefined) return text;
  const asked = await parseText(text, ticket.path);
  const until = "id" in asked && asked.fields.question !== undefined ? asked.fields.answerBy : undefined;
  if (until === undefined || (parseTime(until) ?? Number.POSITIVE_INFINITY) > view.now) return text;
  return withYaml((frontMatter) => patchFields(text, { answerBy: null }, ticket.path, frontMatter));
}

/**
 * What nobody takes back on the way: that a ticket has texts from elsewhere, some of which may stay. And what agents
 * cannot: who did the work, and what waits for a person.
 */
function fixedFor({ actor }: Draft): readonly string[] {
  return ["origin", ...(actor.agent ? ["authors", "dispatched", "landed", "unconfirmed", "unlanded"] : [])];
}

/** A ticket comes back as it was, byte for byte. */
function restore(
  store: Store,
  draft: Draft,
  id: string,
  step: Step,
  before: Snapshot | undefined,
): StepUndone | undefined {
  if (draft.view.byId.has(id) || existsSync(path.join(store.dir, step.from))) return undefined;
  if (before === undefined) return { kept: [{ id, field: null, reason: "was no readable ticket" }] };
  draft.put(step.from, before.text);
  const { title } = before.ticket;
  return { ticket: { id, title, kind: "restored", changes: changesOf(undefined, before) }, kept: [] };
}

/** A new ticket goes, where nobody has changed it. */
function remove(draft: Draft, now: Snapshot, after: Snapshot | undefined): StepUndone | undefined {
  const { id, title, path: file } = now.ticket;
  if (draft.actor.agent && countsStill(draft.view, now.ticket)) return { kept: [{ id, field: null, reason: COUNTS }] };
  if (after === undefined || normal(now.text) !== normal(after.text) || file !== after.ticket.path) return undefined;
  draft.put(file, null);
  return { ticket: { id, title, kind: "deleted", changes: changesOf(now, undefined) }, kept: [] };
}

async function rewrite(draft: Draft, now: Snapshot, text: string, target: string): Promise<Pick<StepUndone, "ticket">> {
  const { ticket } = now;
  if (target !== ticket.path) {
    draft.put(ticket.path, null);
    draft.put(target, text);
  } else if (text === now.text) return {};
  else draft.write(ticket, text);
  const parsed = await parseText(text, target);
  if (!("id" in parsed)) {
    const message = `undoing would make ${ticket.path} unreadable (${parsed.message}); edit it by hand`;
    throw new AyoError("unpatchable", message, { data: { ...parsed } });
  }
  const changes = changesOf(now, { ticket: parsed, text });
  return { ticket: { id: ticket.id, title: parsed.title, kind: "changed", changes } };
}

/** The ticket as it is on the disk; undefined where there is none. */
async function current(store: Store, draft: Draft, id: string): Promise<Snapshot | undefined> {
  try {
    const ticket = await findTicket(store, draft.view, id, false);
    return ticket.id === id ? { ticket, text: draft.read(ticket) } : undefined;
  } catch (error) {
    if (error instanceof AyoError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** What the rules of claims and of the board say against setting a field back. */
function vetoOf(draft: Draft, { ticket }: Snapshot, before: Snapshot, field: string): string | undefined {
  if (draft.actor.agent && isRule(field, ticket, before.ticket, draft.view.board))
    return "only a person can take it back";
  if (field !== "status" && field !== "claimedBy") return undefined;
  const { claimedBy, lease } = ticket.fields;
  const isLive = lease === undefined || (parseTime(lease) ?? Number.POSITIVE_INFINITY) > draft.view.now;
  const changesClaim = before.ticket.fields.claimedBy !== claimedBy;
  if (claimedBy !== undefined && claimedBy !== draft.actor.name && isLive && changesClaim)
    return `held by ${claimedBy}`;
  return field === "status" ? gateOf(draft, ticket, before.ticket.status) : undefined;
}

/** What people settled for agents: that a ticket is reviewed, and that it waits for their answer. */
function isRule(field: string, now: Ticket, before: Ticket, board: Board): boolean {
  if (field === "verified") return before.fields.verified !== undefined;
  // What was approved with it stays what was approved.
  if (field === "outputId") return isFinished(board, now.status);
  if (field === "mode") return now.fields.mode === "plan";
  if (field === "delegatedBy" || field === "discoveredFrom") return true;
  if (field === "parent") return isOfAgent(now.fields);
  if (field === "review" || field === "type" || field === "verify") {
    const then = ticketWith(now, { fields: { ...now.fields, [field]: before.fields[field] } });
    return isReviewLifted(now, then, board) || isVerifyLifted(board, now, then);
  }
  const isParked = field === "status" || field === "question";
  return isParked && now.fields.question !== undefined && before.fields.question === undefined;
}

/**
 * A ticket does not become done again while it waits for something, nor by the agent whose work it is, nor does it come
 * back into a column that is full; transitions bind only the way forwards.
 */
function gateOf(draft: Draft, ticket: Ticket, status: string): string | undefined {
  const { actor, view, outputTrouble, unproven } = draft;
  const to = columnFor(view.board, status);
  if (to === undefined) return undefined;
  const held = () => othersIn(draft, ticket, to);
  const isGated = to.category === "done" || (actor.agent && to.enter !== undefined);
  if (!isGated) return refusalOf(status, () => assertRoom(ticket, columnFor(view.board, ticket.status), to, held));
  const { transitions: _, ...board } = view.board;
  const openChildren = view.children(ticket.id).filter((child) => isOpenChild(view.board, child));
  const output = outputTrouble && (() => outputTrouble(ticket));
  const context = { board, lookup: view.lookup, openChildren: openChildren.map(({ id }) => id), output, held };
  return refusalOf(status, () => {
    // Whether a person or the store's rules made it done before is not known any more.
    passGate(ticket, to, context, false);
    if (!actor.agent) return;
    if (categoryOf(view.board, ticket.status) === "review") assertSelf(actor, "approving");
    const byAgent = {
      ...context,
      by: actor,
      criteria: () => parseCriteria(draft.read(ticket)),
      ...(unproven === undefined ? {} : { unproven: () => unproven(ticket) }),
    };
    passGate(ticket, to, byAgent, false);
  });
}

/** What of a gate is said where it refuses. */
function refusalOf(status: string, pass: () => void): string | undefined {
  try {
    pass();
    return undefined;
  } catch (error) {
    if (error instanceof AyoError) return `cannot be ${status}: ${error.message}`;
    throw error;
  }
}

/** Git may have changed the line ends of what it keeps. */
export function normal(text: string | null): string | null {
  return text?.replaceAll("\r\n", "\n") ?? null;
}
