import { rootBudget } from "../../actions/delegation/rootBudget.ts";
import { roomIn } from "../../actions/lifecycle/moving/room.ts";
import type { AyoError } from "../../error.ts";
import type { View } from "../../store/disk/view.ts";
import type { AgentEntry } from "../../store/open/agents/agentTypes.ts";
import { columnPromptFor, whyNoPrompt } from "../../store/open/agents/columnPrompt.ts";
import { MODES, modeIn } from "../../store/open/agents/modePrompt.ts";
import { modeFaults } from "../../store/open/agents/promptFaults.ts";
import { readSchema } from "../../store/outputs/schemaFile.ts";
import { liveRuns } from "../../store/runs/liveRuns.ts";
import type { RunRecord } from "../../store/runs/record.ts";
import { withParts } from "../../ticket/rules/landed.ts";
import { beginColumn, standsIn } from "../../ticket/rules/phases.ts";
import { depsOf } from "../../ticket/rules/readiness.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { isOurs } from "../run/isOurs.ts";
import { problemIn } from "../run/problemIn.ts";
import type { Work } from "../work.ts";
import { type Choice, choose, type NotStarted } from "./choose.ts";
import { roomToday } from "./dayLimits.ts";
import type { DispatchOptions } from "./dispatch.ts";
import type { Agents } from "./readiness.ts";
import type { Starts } from "./starts.ts";
import type { Tries } from "./tries.ts";

/** What a round has to know. */
export interface Round {
  readonly options: Pick<DispatchOptions, "agent" | "most" | "once">;
  readonly tries: Tries;
  readonly starts: Starts;
  /** Only what is to be tried again: of `--once` everything else had its round. */
  readonly onlyAgain: boolean;
  /** Tickets in review that no agent can approve, and why. */
  readonly doubts: ReadonlyMap<string, string>;
}

/** A ticket and the agent that is started for it, or why none is. */
export type Planned = Started | NotStarted;

/** A ticket and the agent that is started for it. */
interface Started {
  readonly choice: Choice;
  readonly entry: AgentEntry;
  readonly version: string | undefined;
}

/** Starts what can be started now. */
export function startAll(work: Work, view: View, agents: Agents, round: Round): void {
  for (const record of round.tries.due()) {
    const again = choiceAgain(view, agents, record);
    // Its ticket is held for it: nobody else would start it.
    if (again === "later") later(round, record);
    else if (again !== "never") start(work, agents, round, again, () => later(round, record));
  }
  for (const one of round.onlyAgain ? [] : plan(work, view, agents, round)) {
    if (!("reason" in one)) start(work, agents, round, one, () => {});
    else if (!one.isWaiting) {
      tellOnce(work, one.ticket.id, one.reason);
      if (one.isUnready) round.starts.unready.add(one.ticket.id);
    }
  }
}

/** Whoever waits for one round only leaves it to the next. */
function later({ tries, onlyAgain }: Round, record: RunRecord): void {
  if (!onlyAgain) tries.add(record);
}

/** Has one started; `later` is called where it may be tried again. */
function start(
  work: Work,
  { config }: Agents,
  { tries, starts }: Round,
  { choice, entry, version }: Started,
  later: () => void,
): void {
  if (tries.isPaused) {
    later();
    return;
  }
  const { id } = choice.ticket;
  const refused = (error: AyoError): boolean => {
    // Somebody else was quicker, or it is not to be started any more.
    const isOver = ["claimed", "lost_claim", "not_found", "transition_refused", "blocked"].includes(error.code);
    if (isOver) return false;
    // Of several that ask at once one says that nobody answers.
    const isUnasked = error.data?.confirmed === false;
    if (!(isUnasked && tries.isPaused)) tellOnce(work, id, error.message);
    if (isUnasked) tries.pause();
    later();
    return true;
  };
  starts.add({ choice, entry, config, version }, { isPaused: () => tries.isPaused, later, refused });
}

/** What would be started now, in order, and why what is an agent's is not: changes nothing. */
export function plan(
  { store, runs }: Pick<Work, "store" | "runs">,
  view: View,
  agents: Agents,
  {
    options: { agent, most },
    starts,
    doubts,
  }: { readonly options: Pick<DispatchOptions, "agent" | "most"> } & Pick<Round, "doubts"> &
    Partial<Pick<Round, "starts">>,
): Planned[] {
  const { choices, others } = choose(view, agents.config, doubts);
  const room = roomIn(view, starts?.tickets ?? []);
  const fullness = ({ ticket, token }: Choice): string | undefined => {
    const why = token === undefined ? room(ticket) : undefined;
    return why === undefined ? undefined : `waits: ${why}`;
  };
  const taken = new Map<string, number>();
  const live = liveRuns(store);
  const busyTickets = new Set([...live.map(({ ticket }) => ticket), ...(starts?.tickets ?? [])]);
  const runsOf = (name: string): number => taken.get(name) ?? 0;
  for (const { agent: name } of live) taken.set(name, runsOf(name) + 1);
  const today = roomToday(store.host);
  const isSpent = rootBudget(store, view);
  let leftToday = today.left - (starts?.pending ?? 0);
  let left = most - runs.size - (starts?.pending ?? 0);
  const open = choices.filter(({ ticket }) => !busyTickets.has(ticket.id));
  const planned = open.map((choice): Planned => {
    const { ticket } = choice;
    const wanted = choice.agents.filter(({ name }) => agent === undefined || name === agent);
    const waits =
      unlandedRun(view, ticket, busyTickets) ?? (wanted.length === 0 ? `is not for ${agent}` : fullness(choice));
    if (waits !== undefined) return { ticket, reason: waits, isWaiting: true };
    const states = wanted.flatMap(({ name }) => agents.states.get(name) ?? []);
    const able = states.filter(({ problems }) => problems.length === 0);
    const problem = whyUnable(store, view, choice, agents, states);
    if (problem !== undefined) return { ...not(ticket, problem), isUnready: true };
    const free = able.find(({ entry }) => runsOf(entry.name) < entry.max);
    if (free === undefined) return { ticket, reason: `waits: ${able.map(busy).join(", ")}`, isWaiting: true };
    const spent = leftToday <= 0 ? today.reason : isSpent(ticket);
    if (spent !== undefined) return not(ticket, spent);
    if (left <= 0) return { ticket, reason: `waits: ${most} runs at once are all that is wanted`, isWaiting: true };
    left--;
    leftToday--;
    taken.set(free.entry.name, runsOf(free.entry.name) + 1);
    return { choice, entry: free.entry, version: free.version };
  });
  return [...planned, ...others.filter(({ ticket }) => !busyTickets.has(ticket.id))];
}

/** Why nobody can be started for a ticket; undefined where somebody can, now or later. */
function whyUnable(
  store: Pick<Work["store"], "dir">,
  view: View,
  choice: Choice,
  { problems }: Agents,
  states: readonly { readonly problems: readonly string[] }[],
): string | undefined {
  const told = whyNoMode(store, choice) ?? whyNotTold(store, view, choice);
  const [problem = whyNoSchema(store, choice) ?? told] = problems;
  if (problem !== undefined || states.some((one) => one.problems.length === 0)) return problem;
  return states.flatMap((one) => one.problems).join("; ");
}

/** A ticket that another waits for and whose run goes on: what it leaves behind is work that has to land, too. */
function unlandedRun({ board, lookup }: View, ticket: Ticket, busyTickets: ReadonlySet<string>): string | undefined {
  if (board.landsOn === undefined || busyTickets.size === 0) return undefined;
  const busy = depsOf(ticket)
    .flatMap((dep) => [...withParts(dep, lookup)])
    .find((one) => busyTickets.has(one));
  return busy === undefined ? undefined : `waits for the run of ${busy} to end`;
}

/** An answer that cannot be held to its schema is nothing to work for. */
function whyNoSchema({ dir }: Pick<Work["store"], "dir">, { ticket, isReview }: Choice): string | undefined {
  const name = isReview ? undefined : ticket.fields.outputSchema;
  const schema = name === undefined ? {} : readSchema(dir, name);
  return typeof schema === "object"
    ? undefined
    : `schema ${name} of its output cannot be used: ${schema ?? "it is not there"}`;
}

/** An agent that is not told how to go about it is not started. */
function whyNoMode(store: Pick<Work["store"], "dir">, { ticket, isReview }: Choice): string | undefined {
  const { mode } = ticket.fields;
  if (isReview) return undefined;
  if (mode !== undefined && !MODES.includes(mode)) return `mode '${mode}' is not one of ${MODES.join(", ")}`;
  return modeFaults(store).get(modeIn(mode));
}

/** What a column tells agents has to be there before one is started for its tickets. */
function whyNotTold(store: Pick<Work["store"], "dir">, view: View, { ticket }: Choice): string | undefined {
  const ids = [standsIn(view, ticket), beginColumn(view, ticket).id];
  const prompt = columnPromptFor(store, view.board, ids);
  return prompt && whyNoPrompt(prompt);
}

function not(ticket: Ticket, reason: string): NotStarted {
  return { ticket, reason, isWaiting: false };
}

function busy({ entry }: { readonly entry: AgentEntry }): string {
  return `${entry.name} has ${entry.max} ${entry.max === 1 ? "run" : "runs"}`;
}

/** What is to be started again; `later` where its agent may not be started now, or the ticket cannot be read. */
function choiceAgain(view: View, { states, problems }: Agents, record: RunRecord): Started | "later" | "never" {
  const ticket = view.byId.get(record.ticket);
  const state = states.get(record.agent);
  if (ticket === undefined) return problemIn(view, record.ticket) === undefined ? "never" : "later";
  if (!isOurs(view, ticket, record)) return "never";
  if (problems.length > 0 || state === undefined || state.problems.length > 0) return "later";
  const { isReview, tries, token } = record;
  return {
    choice: { ticket, isReview, agents: [state.entry], tries, token },
    entry: state.entry,
    version: state.version,
  };
}

const told = new WeakMap<Work["runs"], Map<string, string>>();

/** Says why a ticket's agent is not started, once as long as it is the same. */
function tellOnce(work: Work, ticket: string, reason: string): void {
  const known = told.get(work.runs) ?? new Map<string, string>();
  told.set(work.runs, known);
  if (known.get(ticket) === reason) return;
  known.set(ticket, reason);
  work.tell({ what: "not_started", ticket, text: reason });
}
