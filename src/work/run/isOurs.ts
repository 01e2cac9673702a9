import type { View } from "../../store/disk/view.ts";
import type { RunRecord } from "../../store/runs/record.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** Whether a ticket is still the run's: under its claim, and where work goes on, or a review. */
export function isOurs({ board }: View, { fields, status }: Ticket, { token, isReview }: RunRecord): boolean {
  if (fields.claim !== token) return false;
  const category = categoryOf(board, status);
  return isReview ? category === "review" : category === "todo" || category === "active";
}
