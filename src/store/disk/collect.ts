import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { type Index, isTopTicket, MASS } from "../open/entry.ts";
import type { Store } from "../open/store.ts";
import { holderOf } from "./copies.ts";
import { absentTickets, unmergedProblems } from "./gitMarks.ts";
import { TableEntries } from "./table/entries.ts";
import { TicketsById } from "./table/ticketsById.ts";
import type { View } from "./view.ts";

/** The tickets of an index. */
export interface Collected extends Pick<View, "tickets" | "byId" | "problems"> {
  /** Whether every ticket of the table is there: nobody waits for what is gone since it was written. */
  readonly isWhole: boolean;
}

export function collect(store: Store, index: Index): Collected {
  const { entries } = index;
  const { journal } = store;
  if (entries instanceof TableEntries && entries.isPlain() && unmergedProblems(journal, index).length === 0) {
    const problems = [...index.unread.values(), ...absenceProblems(absentTickets(journal, index, isTopTicket))];
    const tickets = entries.tickets();
    const byId = new TicketsById(tickets, entries);
    return { tickets, byId, problems, isWhole: entries.hasAllIds(byId) };
  }
  return collectOddly(store, index);
}

/** The same where files are no tickets, or have other ids than their names say. */
function collectOddly({ journal }: Store, index: Index): Collected {
  const byId = new Map<string, Ticket>();
  const problems = unmergedProblems(journal, index);
  const unmerged = new Set(problems.map(({ path }) => path));
  for (const [file, { ticket, problem }] of index.entries) {
    if (unmerged.size > 0 && unmerged.has(file)) continue;
    // What else cannot be read is in `unread`, as of this refresh.
    if (problem !== undefined && (isTopTicket(file) || (problem.line > 0 && !index.unread.has(file))))
      problems.push(problem);
    if (ticket === undefined) continue;
    const other = byId.get(ticket.id);
    if (other === undefined) byId.set(ticket.id, ticket);
    else problems.push(settleDuplicate(index, byId, other, ticket));
  }
  problems.push(...index.unread.values());
  problems.push(...absenceProblems(absentTickets(journal, index, isTopTicket)));
  const isWhole = problems.length === 0 && index.entries instanceof TableEntries && index.entries.hasAllIds(byId);
  return { tickets: [...byId.values()], byId, problems, isWhole };
}

function absenceProblems({ leftOut, gone }: ReturnType<typeof absentTickets>): Problem[] {
  const problem = (code: string, message: string): Problem => ({ path: ".", line: 0, code, message });
  const lost = `${gone} tickets are gone without a commit of the store; the next command that writes restores them`;
  const what = leftOut === 1 ? "1 ticket is" : `${leftOut} tickets are`;
  const hidden = `${what} left out of this worktree by git: 'git sparse-checkout disable' brings them back`;
  return [...(gone > MASS ? [problem("mass_loss", lost)] : []), ...(leftOut > 0 ? [problem("left_out", hidden)] : [])];
}

/** Of two files with one id one is the ticket: see holderOf. */
function settleDuplicate(index: Index, byId: Map<string, Ticket>, first: Ticket, second: Ticket): Problem {
  const kept = holderOf(index, first, second);
  const dropped = kept === first ? second : first;
  byId.set(kept.id, kept);
  const message = `has the id '${dropped.id}' of ${kept.path}`;
  return { path: dropped.path, line: 1, code: "duplicate_id", message };
}
