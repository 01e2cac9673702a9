import { type Fields, fieldOf, type Ticket } from "../ticket.ts";
import { isAgent, isAssignedTo, isSameName } from "./claim.ts";

/** How far agents may hand work on among themselves below one ticket that a person made: its root. */
export interface DelegationLimits {
  /** Levels below the root. */
  readonly depth: number;
  /** Tickets that agents make directly below one ticket. */
  readonly children: number;
  /** Tickets that agents make below one root, in all. */
  readonly tickets: number;
  /** What the runs below one root may cost, in dollars. */
  readonly cost?: number;
}

/** What holds where config.yml does not say. */
export const DELEGATION_LIMITS: DelegationLimits = { depth: 4, children: 20, tickets: 50 };

type Tickets = ReadonlyMap<string, Ticket>;
type Kin = Pick<Fields, "parent" | "delegatedBy" | "discoveredFrom">;

/** Whether an agent made a ticket for another to do, or in a run of its own. */
export function isOfAgent({ delegatedBy, discoveredFrom }: Kin): boolean {
  return discoveredFrom !== undefined || isAgent(delegatedBy ?? "");
}

/** The ticket under which a ticket that an agent made counts; undefined for a person's. */
export function countsUnder(fields: Kin): string | undefined {
  if (!isOfAgent(fields)) return undefined;
  return fields.discoveredFrom ?? fields.parent;
}

/**
 * A ticket and those it comes from, up to its root: the topmost that has something below it, on the way to the ticket, that
 * agents made. Who made the steps between does not matter: a part that a person made of what agents made is in the line, too.
 * A circle ends where it closes.
 */
function lineOf(tickets: Tickets, ticket: Ticket): Ticket[] {
  const line = [ticket];
  const seen = new Set([ticket.id]);
  let counts = 1;
  for (let one: Ticket | undefined = ticket; one !== undefined; ) {
    const kin = kinOf(one);
    const above = named(tickets, countsUnder(kin)) ?? named(tickets, kin.parent);
    if (above === undefined || seen.has(above.id)) break;
    seen.add(above.id);
    line.push(above);
    if (isOfAgent(kin)) counts = line.length;
    one = above;
  }
  return line.slice(0, counts);
}

/** Lists ask of thousands, most of which come from nothing: then nobody is looked for. */
function named(tickets: Tickets, id: string | undefined): Ticket | undefined {
  return id === undefined ? undefined : tickets.get(id);
}

/** The ticket whose limits a ticket counts under. */
export function rootOf(tickets: Tickets, ticket: Ticket): Ticket {
  return lineOf(tickets, ticket).at(-1) as Ticket;
}

/** Lists ask of thousands: no more is read than that. */
function kinOf(ticket: Ticket): Kin {
  const [delegatedBy, discoveredFrom] = [fieldOf(ticket, "delegatedBy"), fieldOf(ticket, "discoveredFrom")];
  return { parent: fieldOf(ticket, "parent"), delegatedBy, discoveredFrom } as Kin;
}

/** Everybody who hands on the work that a ticket is part of: to none of them it may be handed back. */
export function chainOf(tickets: Tickets, ticket: Ticket): string[] {
  const line = lineOf(tickets, ticket);
  const names = line.flatMap(({ fields: { assignee = [], claimedBy = [], delegatedBy = [] } }) =>
    [...assignee, claimedBy, delegatedBy].flat(),
  );
  return [...new Set(names.filter(isAgent))];
}

/**
 * Those above a ticket that an agent made, or above the one that it is a part of: whoever has that may keep a part for
 * himself. Nobody where agents made none of them.
 */
export function chainAbove(tickets: Tickets, ticket: Ticket): readonly string[] {
  return isAlone(ticket) ? NOBODY : namesAbove(tickets, ticket, new Set());
}

const NOBODY: readonly string[] = [];

/** Whether a person made a ticket that is no part of another. */
function isAlone(ticket: Ticket): boolean {
  if (ticket.known !== undefined) return !ticket.known.hasKin;
  return ticket.fields.parent === undefined && !isOfAgent(ticket.fields);
}

function namesAbove(tickets: Tickets, ticket: Ticket, seen: Set<string>): string[] {
  const made = lineOf(tickets, ticket).find((one) => isOfAgent(kinOf(one)));
  if (made === undefined || seen.has(made.id)) return [];
  const { delegatedBy } = made.fields;
  const above = named(tickets, countsUnder(made.fields));
  if (above !== undefined && isKept(made.fields, above)) return namesAbove(tickets, above, seen.add(made.id));
  const names = above === undefined ? [] : chainOf(tickets, above);
  return delegatedBy === undefined || !isAgent(delegatedBy) ? names : [...new Set([...names, delegatedBy])];
}

/** Whether what was made in the run of `above` is a part that nobody handed on: whoever has that may do it himself. */
export function isKept({ parent, delegatedBy, role, assignee = [], claimedBy }: Fields, above: Ticket): boolean {
  if (parent === undefined || delegatedBy !== undefined || role !== undefined) return false;
  const { fields } = above;
  const owners = [fields.assignee ?? [], fields.claimedBy ?? []].flat();
  return [assignee, claimedBy ?? []].flat().every((name) => isIn(owners, name));
}

/** Whether an agent would take work back that it handed on. What a person gave to it, or what it has, it may. */
export function goesBackTo(tickets: Tickets, ticket: Ticket, name: string): boolean {
  if (!isAgent(name) || isSameName(fieldOf(ticket, "claimedBy"), name) || isAssignedTo(ticket, name)) return false;
  return isIn(chainAbove(tickets, ticket), name);
}

/** Whether a name is among others. */
export function isIn(names: readonly string[], name: string): boolean {
  return names.some((one) => isSameName(one, name));
}

/** The tickets among many that agents made; of the others no more is read than that. */
export function madeByAgents(tickets: Iterable<Ticket>): Ticket[] {
  return [...tickets].filter(
    (ticket) => isAgent(fieldOf(ticket, "delegatedBy") ?? "") || fieldOf(ticket, "discoveredFrom") !== undefined,
  );
}

/** What stands in the way of one more ticket of an agent's under `above`; undefined where nothing does. */
export function overLimit(
  tickets: Tickets,
  above: Ticket,
  limits: DelegationLimits,
): { readonly limit: "depth" | "children" | "tickets"; readonly most: number; readonly id: string } | undefined {
  const line = lineOf(tickets, above);
  const root = line.at(-1) as Ticket;
  if (line.length > limits.depth) return { limit: "depth", most: limits.depth, id: root.id };
  const made = madeByAgents(tickets.values());
  const below = made.filter(({ fields }) => countsUnder(fields) === above.id);
  if (below.length >= limits.children) return { limit: "children", most: limits.children, id: above.id };
  const all = made.filter((one) => rootOf(tickets, one).id === root.id);
  return all.length >= limits.tickets ? { limit: "tickets", most: limits.tickets, id: root.id } : undefined;
}
