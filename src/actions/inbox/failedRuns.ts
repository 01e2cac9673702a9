import { allRuns } from "../../store/runs/record.ts";
import { isHeld } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { fieldOf, type Ticket } from "../../ticket/ticket.ts";
import type { Looked, Need } from "./item.ts";

/** Runs of agents on this machine that failed, or of which nobody knows, and that nobody has started again. */
export function runNeeds({ store, view }: Pick<Looked, "store" | "view">): Need[] {
  return view.tickets.flatMap((ticket) => {
    if (fieldOf(ticket, "dispatched") === undefined || isSettled(view.board, ticket) || isHeld(ticket, view.now))
      return [];
    const [last] = allRuns(store, ticket.id).sort((one, other) => other.n - one.n);
    if (last === undefined || (last.outcome !== "failed" && last.outcome !== "lost") || last.isTriedAgain) return [];
    const { id, title } = ticket;
    const text = `run ${last.n} ${last.outcome}${last.why ? `: ${last.why}` : ""}`;
    const at = Date.parse(last.ended ?? last.at);
    return [
      {
        key: `${id}:run`,
        kind: "run",
        id,
        title,
        by: last.agent,
        at,
        text,
        act: ["ayo", "run", "retry", id],
        about: last.run,
      },
    ];
  });
}

function isSettled(board: Looked["view"]["board"], { status }: Ticket): boolean {
  const category = categoryOf(board, status);
  return category === "done" || category === "cancelled" || category === "review";
}
