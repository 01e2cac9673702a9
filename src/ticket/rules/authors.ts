import type { Ticket } from "../ticket.ts";
import { isAssignedTo, isSameName } from "./claim.ts";

/**
 * Whether somebody did the work of a ticket: everybody who held it since it was opened;
 * where nobody wrote that down, its claimant, or without a claim those it is assigned to. `@Coder` approves no work of `@coder`.
 */
export function isAuthor(ticket: Ticket, name: string): boolean {
  const { authors = [], claimedBy } = ticket.fields;
  if (authors.length > 0) return authors.some((one) => isSameName(one, name));
  return claimedBy === undefined ? isAssignedTo(ticket, name) : isSameName(claimedBy, name);
}

/** Stands for the author of what was handed in by hand with no name on it, once somebody reviews it. */
export const UNKNOWN_AUTHOR = "unknown";

/**
 * Who holds the review of a ticket in review: its claimant where that is none of those who did the work. Only what a
 * claim for review wrote counts: where nobody wrote down the authors, the claimant is the author.
 */
export function reviewerOf({ fields: { authors = NOBODY, claimedBy } }: Ticket): string | undefined {
  return claimedBy !== undefined && authors.length > 0 && !authors.includes(claimedBy) ? claimedBy : undefined;
}

/** Everybody who is known to have done the work of a ticket, for those who read. */
export function authorsOf({ fields: { authors = NOBODY, claimedBy, assignee = NOBODY } }: Ticket): readonly string[] {
  if (authors.length > 0) return authors;
  return claimedBy === undefined ? assignee : [claimedBy];
}

const NOBODY: readonly string[] = [];

/** The change that adds who held a ticket to its authors; empty where all of them are known. */
export function withAuthors({ fields }: Ticket, names: readonly (string | undefined)[]): { authors?: string[] } {
  const known = fields.authors ?? [];
  const all = [...new Set([...known, ...names.filter((name) => name !== undefined)])];
  return all.length === known.length ? {} : { authors: all };
}
