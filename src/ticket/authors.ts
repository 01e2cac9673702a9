import { isAssignedTo } from "./claim.ts";
import type { Ticket } from "./ticket.ts";

/**
 * Whether somebody did the work of a ticket: everybody who held it since it was opened (amendment 10 of the second
 * half); where nobody wrote that down, its claimant, or without a claim those it is assigned to.
 */
export function isAuthor(ticket: Ticket, name: string): boolean {
  const { authors = [], claimedBy } = ticket.fields;
  if (authors.length > 0) return authors.includes(name);
  return claimedBy === undefined ? isAssignedTo(ticket, name) : claimedBy === name;
}

/** The change that adds who held a ticket to its authors; empty where all of them are known. */
export function withAuthors({ fields }: Ticket, names: readonly (string | undefined)[]): { authors?: string[] } {
  const known = fields.authors ?? [];
  const all = [...new Set([...known, ...names.filter((name) => name !== undefined)])];
  return all.length === known.length ? {} : { authors: all };
}
