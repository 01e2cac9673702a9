import { fieldOf, type Ticket } from "../ticket.ts";
import { formatTime, parseTime } from "../time.ts";

/** The fields of a claim, which commands for claims alone write. */
export const CLAIM_FIELDS = ["claimedBy", "lease", "claim", "claimBranch", "claimHead"] as const;

/** How long a lease runs where neither config.yml nor the caller says: 15 minutes. */
export const DEFAULT_LEASE_MS = 15 * 60_000;

/** A lease that nobody can read is taken as live: better a ticket too few offered than two holders. */
export function isLeaseLive(lease: string, now: number): boolean {
  return (parseTime(lease) ?? Number.POSITIVE_INFINITY) > now;
}

/** Whether somebody holds the ticket at `now`: under a live lease, or a person under none. */
export function isHeld({ fields }: Ticket, now: number): boolean {
  return fields.claimedBy !== undefined && (fields.lease === undefined || isLeaseLive(fields.lease, now));
}

/** Whether a claim ran out and nothing has recorded that yet; reads treat it as released. */
export function isLapsed(ticket: Ticket, now: number): boolean {
  if (ticket.known?.isUnmarked) return false;
  const { fields, path } = ticket;
  const isActive = fields.claimedBy !== undefined && fields.closed === undefined && !path.startsWith("archive/");
  return isActive && fields.lease !== undefined && !isLeaseLive(fields.lease, now);
}

/** When a lease taken at `now` ends, as tickets write it; never earlier than asked for. Milliseconds. */
export function leaseUntil(now: number, lease: number): string {
  return formatTime(Math.ceil((now + lease) / 1000) * 1000);
}

/** Whether half of a lease of `length` milliseconds is gone, so that a write of the holder's renews it. */
export function isHalfGone(lease: string, length: number, now: number): boolean {
  return (parseTime(lease) ?? Number.POSITIVE_INFINITY) - now < length / 2;
}

/** The change that takes every field of a claim away that a ticket has. */
export function withoutClaim({ fields }: Ticket): Record<string, null> {
  return Object.fromEntries(CLAIM_FIELDS.filter((key) => fields[key] !== undefined).map((key) => [key, null]));
}

/** Where half-done work lies, as a sentence of a note: `The work is on branch login at 3f2a91c.`; "" where unknown. */
export function workOf({ fields }: Ticket): string {
  const { claimBranch, claimHead } = fields;
  if (claimHead === undefined) return claimBranch === undefined ? "" : `The work is on branch ${claimBranch}.`;
  const at = claimHead.slice(0, 12);
  return claimBranch === undefined ? `The work is at ${at}.` : `The work is on branch ${claimBranch} at ${at}.`;
}

/** Who has a ticket in hand besides its claim: those it is assigned to. */
export function isAssignedTo(ticket: Ticket, name: string): boolean {
  return (fieldOf(ticket, "assignee") ?? []).some((one) => bareName(one) === bareName(name));
}

/** One name however it is spelled. */
export function isSameName(one: string | undefined, other: string): boolean {
  return one === other || one?.toLowerCase() === other.toLowerCase();
}

function bareName(name: string): string {
  return name.replace(/^@/, "").toLowerCase();
}

/** The change that ends the claim of a reviewer: where the work lies that is to be reviewed stays known. */
export const WITHOUT_REVIEW = { claimedBy: null, lease: null, claim: null } as const;

/** Whether a name is an agent's. */
export function isAgent(name: string): boolean {
  return name.startsWith("@");
}
