import { isFinished, type View } from "../../store/disk/view.ts";
import type { RunRecord } from "../../store/runs/record.ts";
import { isSameName } from "../../ticket/rules/claim.ts";
import { isOpenChild } from "../../ticket/rules/readiness.ts";

/** The parts of a run's ticket that were over when it began: its agent was told of them. */
export function partsOver(view: View, ticket: string): string[] {
  return view.children(ticket).flatMap(({ id, status }) => (isFinished(view.board, status) ? [id] : []));
}

/** What the agent of a run has handed on and does not know the end of: open, or over since it began. */
export function partsAwaited(
  view: View,
  { ticket, agent, parts }: Pick<RunRecord, "ticket" | "agent" | "parts">,
): { readonly open: readonly string[]; readonly over: readonly string[] } {
  const children = view.children(ticket);
  const open = children.filter((child) => isOpenChild(view.board, child)).map(({ id }) => id);
  const known = new Set([...open, ...(parts ?? children.map(({ id }) => id))]);
  const over = children.filter(({ id }) => !known.has(id) && isSameName(view.byId.get(id)?.fields.delegatedBy, agent));
  return { open, over: over.map(({ id }) => id) };
}

/** Whether the agent goes on when they are over, or at once. */
export function isAwaiting(view: View, record: Pick<RunRecord, "ticket" | "agent" | "parts">): boolean {
  const { open, over } = partsAwaited(view, record);
  return open.length + over.length > 0;
}
