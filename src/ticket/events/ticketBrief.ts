import type { Category } from "../rules/board.ts";
import { categoryOf } from "../rules/columns.ts";
import type { Ticket } from "../ticket.ts";
import type { World } from "./world.ts";

/** A ticket in an event, in brief. */
export interface TicketBrief {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: Category | null;
  readonly type: string | null;
  readonly priority: number;
  readonly assignee: string | null;
  readonly claimedBy: string | null;
  readonly tags: readonly string[];
  readonly parent: string | null;
  readonly path: string;
  readonly version: string;
}

/** A ticket in brief, as events carry it. */
export function briefOf(world: Pick<World, "board">, ticket: Ticket): TicketBrief {
  const { id, title, status, path, version, fields } = ticket;
  return {
    id,
    title,
    status,
    category: categoryOf(world.board, status) ?? null,
    type: fields.type ?? null,
    priority: fields.priority ?? 2,
    assignee: fields.assignee?.join(", ") ?? null,
    claimedBy: fields.claimedBy ?? null,
    tags: fields.tags ?? [],
    parent: fields.parent ?? null,
    path,
    version,
  };
}
