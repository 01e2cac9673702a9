import type { Ticket } from "../../ticket/ticket.ts";
import { committedOid, type Index } from "../open/entry.ts";

/**
 * Which of two files with one id is the ticket: the one that is committed, then the one that is named after the id,
 * then the first. A copy that a sync tool or a file manager made beside a ticket never takes its place.
 */
export function holderOf(index: Index, one: Ticket, other: Ticket): Ticket {
  const rank = ({ path, id }: Ticket): number =>
    (committedOid(index, path) === undefined ? 0 : 2) + (path === `${id}.md` ? 1 : 0);
  return rank(other) > rank(one) ? other : one;
}

/**
 * The new files that have the id of another file: copies, and no tickets of their own. Where that file has changed too,
 * one that was created at another time is another ticket, for doctor to tell apart from the first.
 */
export function copiesIn(index: Index): ReadonlySet<string> {
  const copies = new Set<string>(index.copies.keys());
  const open = [...index.uncommitted.keys()].flatMap((file) =>
    copies.has(file) ? [] : (index.entries.get(file)?.ticket ?? []),
  );
  const ids = new Set(open.map(({ id }) => id));
  const holders = new Map<string, Ticket>();
  if (ids.size === 0) return copies;
  for (const { ticket } of index.entries.values()) {
    if (ticket === undefined || !ids.has(ticket.id) || copies.has(ticket.path)) continue;
    const other = holders.get(ticket.id);
    const kept = other === undefined ? ticket : holderOf(index, other, ticket);
    // Where the file that keeps the id was changed as well, the ticket may have gone on under the other name.
    const isCopy = other?.fields.created === ticket.fields.created || !index.uncommitted.has(kept.path);
    if (other !== undefined && isCopy) copies.add(kept === ticket ? other.path : ticket.path);
    holders.set(ticket.id, kept);
  }
  return copies;
}
