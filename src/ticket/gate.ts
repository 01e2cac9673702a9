import { AyoError } from "../error.ts";
import type { Board, Column } from "./board.ts";
import { columnFor, type DependencyState, dependencyStates, type Lookup } from "./readiness.ts";
import type { Ticket } from "./ticket.ts";

/** What the gate looks at besides the ticket. */
export interface GateContext {
  readonly board: Board;
  readonly lookup: Lookup;
  readonly openChildren: readonly string[];
}

/**
 * The one gate that every change of a status passes (design.md section 4).
 * @throws transition_refused, blocked, open_children
 */
export function passGate(ticket: Ticket, to: Column, context: GateContext, force: boolean): void {
  assertTransition(ticket, to, context.board);
  if (force) return;
  if (to.category === "active" || to.category === "done" || to.category === "review") {
    assertUnblocked(ticket, context);
  }
  if (to.category === "done" && context.openChildren.length > 0) {
    throw new AyoError("open_children", `${ticket.id} has open children: ${context.openChildren.join(", ")}`, {
      try: ["ayo", "ticket", "list", "--parent", ticket.id],
      data: { id: ticket.id, children: context.openChildren },
    });
  }
}

function assertTransition(ticket: Ticket, to: Column, board: Board): void {
  const from = columnFor(board, ticket.status);
  const allowed = from === undefined ? undefined : board.transitions?.[from.id];
  if (from?.id === to.id || allowed === undefined || allowed.includes(to.id)) return;
  throw new AyoError(
    "transition_refused",
    `${ticket.id} cannot move from ${from?.id} to ${to.id}; allowed: ${allowed.join(", ") || "nothing"}`,
    { data: { id: ticket.id, from: from?.id, to: to.id, allowed } },
  );
}

function assertUnblocked(ticket: Ticket, { board, lookup }: GateContext): void {
  const open = dependencyStates(ticket, board, lookup).filter((dependency) => dependency.state !== "done");
  const [first] = open;
  if (first === undefined) return;
  throw new AyoError("blocked", `${ticket.id} waits for ${open.map(describeDependency).join("; ")}`, {
    try:
      first.state === "missing" ? ["ayo", "ticket", "undep", ticket.id, first.id] : ["ayo", "ticket", "show", first.id],
    data: { id: ticket.id, blockedBy: open },
  });
}

/** `ayo-9fq1 (open): Build the schema`. */
export function describeDependency({ id, state, status = state, title }: DependencyState): string {
  return title === undefined ? `${id} (${status})` : `${id} (${status}): ${title}`;
}
