import type { Ticket } from "../../ticket/ticket.ts";

/** Somebody has seen the two side by side: linked, parent and child, waiting for another, or marked already. */
export function areRelated(left: Ticket, right: Ticket): boolean {
  const names = ({ fields }: Ticket, id: string): boolean =>
    fields.parent === id ||
    fields.duplicateOf === id ||
    (fields.links ?? []).includes(id) ||
    (fields.deps ?? []).includes(id);
  return names(left, right.id) || names(right, left.id);
}
