import type { Draft } from "../../../store/change/draft.ts";
import { isFinished } from "../../../store/disk/view.ts";
import type { Ticket } from "../../../ticket/ticket.ts";

/** Longer lists are cut: `ayo doctor` and `ayo ticket blocked` have them all. */
const MOST = 5;

/**
 * Tells which tickets wait in vain, or are parts of nothing, once a ticket is given up or gone, each with the command
 * that helps; not those of the same command. `fate` is what became of it: `cancelled`, `deleted`.
 */
export function tellLeftBehind(draft: Draft, { id }: Ticket, fate: string, together: ReadonlySet<string>): void {
  const { view, notices } = draft;
  const isGone = fate === "deleted";
  const isLeft = (other: Ticket): boolean =>
    !together.has(other.id) && (isGone || !isFinished(view.board, other.status));
  const waiting = view.dependents(id).filter(isLeft);
  const parts = view.children(id).filter(isLeft);
  notices.push(
    ...cut(waiting, (other) => `${other} waits for ${id}, which is ${fate}: 'ayo ticket undep ${other} ${id}'`),
    ...cut(parts, (other) => {
      const instead = isGone ? "" : `'ayo ticket cancel ${id} --children' or `;
      return `${other} is a part of ${id}, which is ${fate}: ${instead}'ayo ticket update ${other} --parent ""'`;
    }),
  );
}

function cut(tickets: readonly Ticket[], line: (id: string) => string): string[] {
  const told = tickets.slice(0, MOST).map((ticket) => line(ticket.id));
  const more = tickets.length - told.length;
  return more === 0
    ? told
    : [...told, `and ${more} more like the last: 'ayo doctor' and 'ayo ticket blocked' have them all`];
}
