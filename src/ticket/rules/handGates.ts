import { parseCriteria } from "../text/criteria.ts";
import { type Ticket, ticketWith } from "../ticket.ts";
import { type Board, DEFAULT_BOARD } from "./board.ts";
import { categoryOf } from "./columns.ts";
import { needsReview } from "./gate.ts";
import { isDefaultChanged } from "./questions.ts";

/** One version of a ticket, and the whole text of it. */
export interface Version {
  readonly ticket: Ticket;
  readonly text: string;
}

/**
 * The fields by which a new text of a ticket passes a gate that would have stood before a command of an agent: it is
 * finished past review or criteria, approved, freed of its review or question, answered by a default of its own, or given
 * to an agent. In the order of the front matter; the text is anybody's.
 */
export function gatesPassed(before: Ticket | undefined, { ticket: now, text }: Version, board: Board): string[] {
  return [
    ...(isFinishedPast(before, now, text, board) ? ["status"] : []),
    ...(isGivenToAgent(before, now) ? ["assignee"] : []),
    ...(isFreedOfQuestion(before, now, board) || isDefaultChanged(before, now) ? ["question"] : []),
    ...(isReviewLifted(before, now, board) ? ["review"] : []),
  ];
}

/** Whether a ticket needs no review any more; a new one, where its own word alone frees it. */
export function isReviewLifted(before: Ticket | undefined, now: Ticket, board: Board): boolean {
  const { review: _, ...others } = now.fields;
  return needsReview(board, before ?? ticketWith(now, { fields: others })) && !needsReview(board, now);
}

function isFinishedPast(before: Ticket | undefined, now: Ticket, text: string, board: Board): boolean {
  const [from, to] = [before && categoryOf(board, before.status), categoryOf(board, now.status)];
  if (to !== "done" || from === "done") return false;
  if (from === "review" || needsReview(board, before ?? now) || isReviewLifted(before, now, board)) return true;
  return board.criteria === "required" && parseCriteria(text).some(({ done }) => !done);
}

function isGivenToAgent(before: Ticket | undefined, now: Ticket): boolean {
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
    ...(before.criteria === "required" && after.criteria !== "required" ? ["close"] : []),
    ...(after.defaultAnswers === true && before.defaultAnswers !== true ? ["questions"] : []),
    ...(areColumnsOther(before, after) ? ["board"] : []),
    ...(areMovesFreer(before, after) ? ["transitions"] : []),
  ];
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
  return isGone || ids.some(isOther);
}

function areMovesFreer({ transitions: before }: Board, { transitions: after }: Board): boolean {
  if (before === undefined) return false;
  return Object.entries(before).some(([from, allowed]) => {
    const now = after?.[from];
    return now === undefined || now.some((to) => !allowed.includes(to));
  });
}
