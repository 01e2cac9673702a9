import { AyoError } from "../../error.ts";
import type { View } from "../../store/disk/view.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import { isAuthor } from "../../ticket/rules/authors.ts";
import { isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { categoryOf, columnAt } from "../../ticket/rules/columns.ts";
import { chainAbove, isIn } from "../../ticket/rules/delegation.ts";
import { type Dispatch, parseDispatch } from "../../ticket/rules/dispatch.ts";
import { inReadyOrder } from "../../ticket/rules/readyOrder.ts";
import { isReviewFor, isSameRole, roleOf } from "../../ticket/rules/roles.ts";
import type { Ticket } from "../../ticket/ticket.ts";

/** How often an agent is tried where agents.yml does not say. */
export const DEFAULT_TRIES = 3;

/** A ticket that an agent's program may be started for. */
export interface Choice {
  readonly ticket: Ticket;
  readonly isReview: boolean;
  /** Who may take it, the first free one does. */
  readonly agents: readonly AgentEntry[];
  /** The team that it is assigned to. */
  readonly team?: string;
  /** How often it was tried for this assignment. */
  readonly tries: number;
  /** The token of a claim that is the dispatcher's already: it tries again. */
  readonly token?: string;
}

/** A ticket that is an agent's and is not started, and why. */
export interface NotStarted {
  readonly ticket: Ticket;
  readonly reason: string;
  /** It is to wait for something that comes by itself. */
  readonly isWaiting: boolean;
  /** It would be started, and cannot be. */
  readonly isUnready?: true;
}

/** Whom a ticket is for. */
interface Wanted {
  readonly agents: readonly AgentEntry[];
  readonly team?: string;
}

/**
 * Everything that may be started now, in the order of ready lists, and why what is an agent's is not. `doubts`: what no
 * agent can approve.
 */
export function choose(
  view: View,
  config: AgentsConfig,
  doubts: ReadonlyMap<string, string>,
): { readonly choices: readonly Choice[]; readonly others: readonly NotStarted[] } {
  const choices: Choice[] = [];
  const others: NotStarted[] = [];
  for (const ticket of inReadyOrder(view.tickets)) {
    const isReview = categoryOf(view.board, ticket.status) === "review";
    const wanted = isReview ? reviewersFor(view, config, ticket) : workersFor(view, config, ticket);
    if (wanted === undefined) continue;
    const waits = isReview ? undefined : whyNotReady(view, ticket);
    const why = waits ?? whyForPeople(ticket, doubts) ?? whyNotNow(ticket, wanted);
    if (why !== undefined) others.push({ ticket, reason: why, isWaiting: waits !== undefined });
    else choices.push({ ticket, isReview, ...wanted, tries: markOf(ticket)?.tries ?? 0 });
  }
  return { choices, others };
}

/**
 * Makes sure, when the ticket is claimed, that it still is to be started: another dispatcher may have been quicker.
 * @throws claimed
 */
export function stillWanted(
  view: View,
  config: AgentsConfig,
  ticket: Ticket,
  { agent, isReview, token }: { readonly agent: string; readonly isReview: boolean; readonly token: string },
): void {
  if (ticket.fields.claim === token) return;
  const wanted = isReview ? reviewersFor(view, config, ticket) : workersFor(view, config, ticket);
  const isFor = wanted?.agents.some(({ name }) => name === agent) === true;
  const why = !isFor || wanted === undefined ? `is not for ${agent} any more` : whyNot(view, ticket, wanted, isReview);
  if (why === undefined) return;
  throw new AyoError("claimed", `${ticket.id} ${why}`, { data: { id: ticket.id, by: null, until: null } });
}

function whyNot(view: View, ticket: Ticket, wanted: Wanted, isReview: boolean): string | undefined {
  return (isReview ? undefined : whyNotReady(view, ticket)) ?? whyNotNow(ticket, wanted);
}

/** The agent or team that a ticket is assigned to, or those whose role it is. Undefined where it is none of theirs. */
function workersFor({ board, byId }: View, config: AgentsConfig, ticket: Ticket): Wanted | undefined {
  const category = categoryOf(board, ticket.status);
  if (category !== "todo" && category !== "active") return undefined;
  const assignees = ticket.fields.assignee ?? [];
  for (const name of assignees) {
    const found = called(config, name);
    if (found !== undefined) return found.team === undefined ? found : beside(chainAbove(byId, ticket), found);
  }
  if (assignees.length > 0) return undefined;
  const role = roleOf(ticket, columnAt(board, ticket.status));
  return beside(chainAbove(byId, ticket), withRole(config, role));
}

/** Whom work may go to that others handed on: to none of them. Nobody is left where all of them did. */
function beside(chain: readonly string[], wanted: Wanted | undefined): Wanted | undefined {
  if (wanted === undefined || chain.length === 0) return wanted;
  return { ...wanted, agents: wanted.agents.filter(({ name }) => !isIn(chain, name)) };
}

function reviewersFor({ board, now }: View, config: AgentsConfig, ticket: Ticket): Wanted | undefined {
  const column = columnAt(board, ticket.status);
  if (column === undefined) return undefined;
  const agents = [...config.agents.values()].filter(
    (entry) =>
      !isAuthor(ticket, entry.name) &&
      [undefined, ...entry.roles].some((role) => isReviewFor(ticket, column, { name: entry.name, role }, now)),
  );
  return agents.length === 0 ? undefined : { agents };
}

/** An agent by its name, or the agents of a team. */
function called({ agents, teams }: AgentsConfig, name: string): Wanted | undefined {
  if (!isAgent(name)) return undefined;
  const entry = [...agents.values()].find((one) => isSameName(one.name, name));
  if (entry !== undefined) return { agents: [entry] };
  const [team, members] = [...teams].find(([one]) => isSameName(one, name)) ?? [];
  if (team === undefined || members === undefined) return undefined;
  return { agents: members.flatMap((one) => agents.get(one) ?? []), team };
}

function withRole({ agents }: AgentsConfig, role: string): Wanted | undefined {
  const found = [...agents.values()].filter(({ roles }) => roles.some((one) => isSameRole(one, role)));
  return found.length === 0 ? undefined : { agents: found };
}

function whyNotReady(view: View, ticket: Ticket): string | undefined {
  if (view.isReady(ticket)) return undefined;
  return view.readiness(ticket).reasons.join("; ");
}

function whyForPeople({ id }: Ticket, doubts: ReadonlyMap<string, string>): string | undefined {
  const doubt = doubts.get(id);
  return doubt === undefined ? undefined : `only a person can approve it: ${doubt}`;
}

/** The mark of a ticket, and what keeps its agents from being started though it is ready. */
function whyNotNow(ticket: Ticket, { agents }: Wanted): string | undefined {
  const { origin, unconfirmed, dispatched } = ticket.fields;
  if (origin !== undefined) return `came from ${origin}; 'ayo ticket accept ${ticket.id}' lets agents work on it`;
  if (unconfirmed !== undefined) return "was changed by hand and waits for a person's 'ticket confirm'";
  if (agents.length === 0) return "is for nobody but those who handed it on";
  if (dispatched === undefined) return undefined;
  const mark = parseDispatch(dispatched);
  if (mark === undefined) return `has a mark that nobody understands (dispatched: ${dispatched})`;
  if (!agents.some(({ name }) => isSameName(name, mark.agent))) return undefined;
  // It is ready: the last part of it is over.
  if (mark.isWaiting) return undefined;
  if (!mark.isLost) return `was started for ${mark.agent} already; 'ayo run retry ${ticket.id}' starts it again`;
  const most = Math.max(...agents.map(({ limits }) => limits.tries ?? DEFAULT_TRIES));
  return mark.tries < most ? undefined : `was tried ${mark.tries} times; 'ayo run retry ${ticket.id}' starts it again`;
}

/** The mark of a run that was lost, whose tries count. */
function markOf({ fields: { dispatched } }: Ticket): Dispatch | undefined {
  const mark = dispatched === undefined ? undefined : parseDispatch(dispatched);
  return mark?.isLost === true ? mark : undefined;
}
