import type { Problem, Ticket } from "../../ticket/ticket.ts";
import { type Entry, type EntryMap, type Index, isTopTicket, MASS } from "../open/entry.ts";
import type { Store } from "../open/store.ts";
import { configProblems } from "./configFile.ts";
import { holderOf } from "./copies.ts";
import { absentTickets, unmergedProblems } from "./gitMarks.ts";
import { TableEntries } from "./table/entries.ts";
import { TicketsById } from "./table/ticketsById.ts";

/** The tickets of an index. */
export interface Collected {
  readonly byId: ReadonlyMap<string, Ticket>;
  /** Files that are no readable tickets. */
  readonly problems: readonly Problem[];
  /** Made when they are asked for: a command that shows or changes one ticket needs no other. */
  readonly tickets: () => readonly Ticket[];
  /** Whether every ticket of the table is there: nobody waits for what is gone since it was written. */
  readonly isWhole: boolean;
  /** Where each file is named after its ticket: what they stand in, as it stays. */
  readonly entries?: TableEntries;
}

/** The tickets of an index, and what is wrong with its files. */
export function collect(store: Store, index: Index): Collected {
  const { entries } = index;
  const { journal } = store;
  const isPlain = entries instanceof TableEntries && index.copies.size === 0 && entries.isPlain();
  if (isPlain && unmergedProblems(journal, index).length === 0) {
    const problems = [...otherProblems(index), ...absenceProblems(absentTickets(journal, index, isTopTicket))];
    // What is found later is what was there now.
    return collectPlain(entries.copy(), problems);
  }
  return collectOddly(store, index);
}

/** The tickets of a table where each file is named after its ticket; `entries` must not change afterwards. */
export function collectPlain(entries: TableEntries, problems: readonly Problem[]): Collected {
  let made: readonly Ticket[] | undefined;
  const tickets = (): readonly Ticket[] => {
    made ??= entries.tickets();
    return made;
  };
  const byId = new TicketsById(tickets, entries);
  return { tickets, byId, problems, isWhole: entries.hasAllIds(byId), entries };
}

/** The same where files are no tickets, or have other ids than their names say. */
function collectOddly({ journal }: Store, index: Index): Collected {
  const byId = new Map<string, Ticket>();
  const problems = unmergedProblems(journal, index);
  const unmerged = new Set(problems.map(({ path }) => path));
  const copies = new Map<string, readonly Ticket[]>();
  for (const [file, { ticket, problem }] of inOrder(index.entries)) {
    if (unmerged.has(file)) continue;
    if (problem !== undefined && isTold(index, file, problem)) problems.push(problem);
    if (ticket === undefined || index.copies.has(file)) continue;
    const first = byId.get(ticket.id);
    if (first === undefined) byId.set(ticket.id, ticket);
    else copies.set(ticket.id, [...(copies.get(ticket.id) ?? [first]), ticket]);
  }
  for (const same of copies.values()) problems.push(...settleDuplicates(index, byId, same));
  problems.push(...copyProblems(index), ...otherProblems(index));
  problems.push(...absenceProblems(absentTickets(journal, index, isTopTicket)));
  const isWhole = problems.length === 0 && index.entries instanceof TableEntries && index.entries.hasAllIds(byId);
  const tickets = [...byId.values()];
  return { tickets: () => tickets, byId, problems, isWhole };
}

/** The copies of archived tickets: no tickets of their own. */
function copyProblems({ copies, entries }: Index): Problem[] {
  return [...copies].flatMap(([file, holder]) => {
    const ticket = entries.get(file)?.ticket;
    return ticket === undefined ? [] : duplicate(ticket, holder);
  });
}

/** What is wrong with what is no ticket. */
function otherProblems({ unread, config }: Index): Problem[] {
  return config.unknown === undefined ? [...unread.values()] : [...unread.values(), ...configProblems(config)];
}

/** Entries by path: of two copies the first is the ticket, and lists have equals in this order, whoever reads them. */
function inOrder(entries: EntryMap): Iterable<[string, Entry]> {
  return entries instanceof TableEntries ? entries : [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
}

/** What else cannot be read is in `unread`, as of this refresh. */
function isTold({ unread }: Index, file: string, { line }: Problem): boolean {
  return isTopTicket(file) || (line > 0 && !unread.has(file));
}

function absenceProblems({ leftOut, gone }: ReturnType<typeof absentTickets>): Problem[] {
  const problem = (code: string, message: string): Problem => ({ path: ".", line: 0, code, message });
  const lost = `${gone} tickets are gone without a commit of the store; the next command that writes restores them`;
  const what = leftOut === 1 ? "1 ticket is" : `${leftOut} tickets are`;
  const hidden = `${what} left out of this worktree by git: 'git sparse-checkout disable' brings them back`;
  return [...(gone > MASS ? [problem("mass_loss", lost)] : []), ...(leftOut > 0 ? [problem("left_out", hidden)] : [])];
}

/** Of several files with one id one is the ticket: see holderOf. Tells of the others. */
function settleDuplicates(index: Index, byId: Map<string, Ticket>, same: readonly Ticket[]): Problem[] {
  const kept = same.reduce((first, second) => holderOf(index, first, second));
  byId.set(kept.id, kept);
  return same.flatMap((one) => (one === kept ? [] : duplicate(one, kept.path)));
}

function duplicate({ path, id }: Ticket, holder: string): Problem {
  return { path, line: 1, code: "duplicate_id", message: `has the id '${id}' of ${holder}` };
}
