import { parseCriteria } from "../text/criteria.ts";
import { FIELDS, type Ticket, ticketWith } from "../ticket.ts";
import { type Board, type Column, DEFAULT_BOARD, type EnterCheck } from "./board.ts";
import { categoryOf, columnFor } from "./columns.ts";
import { DELEGATION_LIMITS, isOfAgent } from "./delegation.ts";
import { needsReview } from "./gate.ts";
import { awaitsLanding } from "./landed.ts";
import { PIPELINE_FIELDS } from "./pipelineFields.ts";
import { isDefaultChanged } from "./questions.ts";
import { isVerifyLifted, isVerifyLooser, needsVerify } from "./verify.ts";

/** One version of a ticket, and the whole text of it. */
export interface Version {
  readonly ticket: Ticket;
  readonly text: string;
}

/**
 * The fields by which a new text of a ticket passes a gate that would have stood before a command of an agent: it is
 * finished past review or criteria, approved, freed of its review or question, answered by a default of its own, given
 * to an agent, or counts under something else. In the order of the front matter; the text is anybody's.
 */
export function gatesPassed(before: Ticket | undefined, { ticket: now, text }: Version, board: Board): string[] {
  return [
    ...(isMovedPast(before, now, text, board) ? ["status"] : []),
    ...(isGivenToAgent(before, now) ? ["assignee"] : []),
    ...(isFreedOfQuestion(before, now, board) || isDefaultChanged(before, now) ? ["question"] : []),
    ...(isReviewLifted(before, now, board) ? ["review"] : []),
    ...(isLandedByHand(before, now, board) ? ["landed"] : []),
    ...(isSchemaLifted(before, now, board) ? ["output-schema"] : []),
    ...(before !== undefined && isVerifyLifted(board, before, now) ? ["verify"] : []),
    ...(isVerifiedForged(before, now) ? ["verified"] : []),
    ...(before?.fields.mode === "plan" && now.fields.mode !== "plan" ? ["mode"] : []),
    ...descentPassed(before, now),
    ...pipelinePassed(before, now),
    ...(now.fields.outputId !== before?.fields.outputId ? ["output"] : []),
    ...(before === undefined && isForRoleAlone(now) ? ["role"] : []),
  ];
}

/** Where a ticket comes from, by which the limits of agents count. */
function descentPassed(before: Ticket | undefined, { fields: now }: Ticket): string[] {
  if (before === undefined) return [];
  const { fields: was } = before;
  return [
    ...(was.delegatedBy === now.delegatedBy ? [] : ["delegated-by"]),
    ...(was.discoveredFrom === now.discoveredFrom ? [] : ["discovered-from"]),
    ...(was.parent === now.parent || !isOfAgent(was) ? [] : ["parent"]),
  ];
}

/** What a run of a pipeline is, and what it has done: whoever changes it has another step done, or none. */
function pipelinePassed(before: Ticket | undefined, { fields: now }: Ticket): string[] {
  const was = before?.fields ?? {};
  return PIPELINE_FIELDS.flatMap((name) =>
    String(was[name] ?? "") === String(now[name] ?? "") ? [] : [FIELDS[name].key],
  );
}

/** Agents that have a role are started for what names it and nobody. */
function isForRoleAlone({ fields: { role, assignee = [] } }: Ticket): boolean {
  return role !== undefined && assignee.length === 0;
}

/** A ticket whose work those who wait for it need not see on the base branch any more. */
function isLandedByHand(before: Ticket | undefined, now: Ticket, board: Board): boolean {
  if (board.landsOn === undefined) return false;
  const { landed } = now.fields;
  const isFreed = before !== undefined && awaitsLanding(board, before) && !awaitsLanding(board, now);
  return isFreed || (landed !== undefined && landed !== before?.fields.landed);
}

/** Whether a ticket needs no review any more; a new one, where its own word alone frees it. */
export function isReviewLifted(before: Ticket | undefined, now: Ticket, board: Board): boolean {
  const { review: _, ...others } = now.fields;
  return needsReview(board, before ?? ticketWith(now, { fields: others })) && !needsReview(board, now);
}

/** What ayo saw only ayo writes. */
function isVerifiedForged(before: Ticket | undefined, { fields: { verified } }: Ticket): boolean {
  return verified !== undefined && before?.fields.verified !== verified;
}

function isMovedPast(...versions: Parameters<typeof isFinishedPast>): boolean {
  return isFinishedPast(...versions) || isEnteredPast(...versions);
}

function isFinishedPast(before: Ticket | undefined, now: Ticket, text: string, board: Board): boolean {
  const [from, to] = [before && categoryOf(board, before.status), categoryOf(board, now.status)];
  if (to !== "done" || from === "done") return false;
  if (from === "review" || needsReview(board, before ?? now) || isReviewLifted(before, now, board)) return true;
  if (board.criteria === "required" && parseCriteria(text).some(({ done }) => !done)) return true;
  if (board.verify === "required" && needsVerify(board, before ?? now)) return true;
  // Whether an output fits is no question of the ticket's text.
  const asked = before?.fields.outputSchema ?? now.fields.outputSchema;
  return board.output === "required" && asked !== undefined;
}

/** Whether a ticket came into a column without what that asks for; how many it holds is told, and no gate. */
function isEnteredPast(before: Ticket | undefined, now: Ticket, text: string, board: Board): boolean {
  const to = columnFor(board, now.status);
  if (to?.enter === undefined || (before !== undefined && columnFor(board, before.status)?.id === to.id)) return false;
  const asks = (check: EnterCheck): boolean => to.enter?.includes(check) === true;
  if (asks("review") || (asks("verify") && needsVerify(board, before ?? now))) return true;
  if (asks("criteria") && parseCriteria(text).some(({ done }) => !done)) return true;
  return asks("output") && (before?.fields.outputSchema ?? now.fields.outputSchema) !== undefined;
}

/** Whether a ticket's output is held to less than before. */
export function isSchemaLifted(before: Ticket | undefined, now: Ticket, board: Board): boolean {
  const schema = before?.fields.outputSchema;
  return board.output === "required" && schema !== undefined && schema !== now.fields.outputSchema;
}

function isGivenToAgent(before: Ticket | undefined, now: Ticket): boolean {
  // What came from elsewhere was kept from agents.
  if (before?.fields.origin !== undefined && before.fields.origin !== now.fields.origin) return true;
  // A mark that is gone has its agent started again.
  if (before?.fields.dispatched !== undefined && before.fields.dispatched !== now.fields.dispatched) return true;
  const known = before?.fields.assignee ?? [];
  return (now.fields.assignee ?? []).some((name) => name.startsWith("@") && !known.includes(name));
}

/** A question that is gone without an answer by a command; what was finished asks nothing any more. */
function isFreedOfQuestion(before: Ticket | undefined, { status, fields }: Ticket, board: Board): boolean {
  if (before?.fields.question === undefined) return false;
  const category = categoryOf(board, status);
  return fields.question === undefined && category !== "cancelled" && category !== "failed";
}

/** The keys of config.yml whose rules for agents the second board is looser in. */
export function loosened(before: Board, after: Board): string[] {
  return [
    ...(isReviewLooser(before, after) ? ["review"] : []),
    ...(isCloseFreer(before, after) ? ["close"] : []),
    ...(isVerifyLooser(before, after) ? ["verify"] : []),
    ...(after.defaultAnswers === true && before.defaultAnswers !== true ? ["questions"] : []),
    ...(before.landsOn !== undefined && after.landsOn !== before.landsOn ? ["ready"] : []),
    ...(isDelegationFreer(before, after) ? ["delegation"] : []),
    ...(areColumnsOther(before, after) ? ["board"] : []),
    ...(areMovesFreer(before, after) ? ["transitions"] : []),
  ];
}

function isDelegationFreer({ delegation: before }: Board, { delegation: after }: Board): boolean {
  const [was, is] = [before ?? DELEGATION_LIMITS, after ?? DELEGATION_LIMITS];
  const isMore = (["depth", "children", "tickets"] as const).some((limit) => is[limit] > was[limit]);
  return isMore || (was.cost !== undefined && (is.cost === undefined || is.cost > was.cost));
}

function isCloseFreer(before: Board, after: Board): boolean {
  const rules = ["criteria", "output", "verify"] as const;
  return rules.some((rule) => before[rule] === "required" && after[rule] !== "required");
}

function isReviewLooser(before: Board, after: Board): boolean {
  if (before.review === undefined || after.review === "all") return false;
  const kept = after.review ?? [];
  return before.review === "all" || before.review.some((type) => !kept.includes(type));
}

/** A column that means something else now, or a review that is gone, may let tickets through that lie in it. */
function areColumnsOther(before: Board, after: Board): boolean {
  const isGone = before.columns.some(
    ({ id, category }) => category === "review" && categoryOf(after, id) === undefined,
  );
  // Columns of ayo's own stand in where a board has none of a category.
  const ids = [...before.columns, ...DEFAULT_BOARD.columns].map(({ id }) => id);
  const isOther = (id: string): boolean => {
    const [was, is] = [categoryOf(before, id), categoryOf(after, id)];
    return was !== undefined && is !== undefined && was !== is;
  };
  return isGone || ids.some(isOther) || before.columns.some((column) => isEnteredFreer(column, after));
}

/** A column that asks less of what comes in, or takes more; one that is gone asks nothing. */
function isEnteredFreer({ id, enter = [], refuse, limit = 0 }: Column, after: Board): boolean {
  if (enter.length === 0 && refuse === undefined) return false;
  const now = after.columns.find((column) => column.id === id);
  const isFuller = refuse !== undefined && (now?.refuse === undefined || (now.limit ?? 0) > limit);
  return isFuller || enter.some((check) => now?.enter?.includes(check) !== true);
}

function areMovesFreer({ transitions: before }: Board, { transitions: after }: Board): boolean {
  if (before === undefined) return false;
  return Object.entries(before).some(([from, allowed]) => {
    const now = after?.[from];
    return now === undefined || now.some((to) => !allowed.includes(to));
  });
}
