import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Unproven } from "../../ticket/rules/gate.ts";
import { namesNeeded, parseVerified } from "../../ticket/rules/verify.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import type { View } from "../disk/view.ts";
import type { AgentsConfig } from "../open/agents/agentTypes.ts";
import type { ParsedAgents } from "../open/agents/parseAgents.ts";
import { problemOf } from "../open/agents/problemOf.ts";
import { readAgents } from "../open/agents/readAgents.ts";
import type { Store } from "../open/store.ts";
import { markOfCriteria, markOfEntry, type ProofRecord, readProof } from "./proofRecord.ts";
import { workHeadOf } from "./workHead.ts";

/** How one entry stands for a ticket's work as it is now. */
export interface Standing {
  readonly name: string;
  readonly state: "passed" | "doubtful" | "failed" | "open";
  /** Why it does not count, in a sentence without a subject; "" where it passed. */
  readonly why: string;
  /** What was seen last on this machine, whatever it was about. */
  readonly record?: ProofRecord | undefined;
}

/** What is known on this machine of a ticket's work. */
export interface Verification {
  readonly head: string | undefined;
  readonly branch: string | undefined;
  readonly entries: readonly Standing[];
  /** The ticket says that all of it passed, on this commit and by these criteria, and this machine has not seen it. */
  readonly isElsewhere: boolean;
}

/** Judges tickets by what this machine has seen, with one look at agents.yml. */
export interface Judge {
  readonly parsed: ParsedAgents;
  of(board: View["board"], ticket: Ticket, text: string): Verification;
  /** What keeps a ticket from being done by this actor. */
  unproven(board: View["board"], ticket: Ticket, text: string, by: { readonly agent: boolean }): readonly Unproven[];
}

/** Reads agents.yml, and answers with the judge of all tickets. */
export async function judgeOf(store: Store): Promise<Judge> {
  const parsed = await readAgents(store);
  const { config } = parsed;
  const problem = problemOf(parsed);
  const of: Judge["of"] = (board, ticket, text) => verificationOf(store, config, problem, { board, ticket, text });
  return {
    parsed,
    of,
    unproven: (board, ticket, text, by) => {
      const known = of(board, ticket, text);
      if (known.entries.length === 0) return noEntries(config, problem);
      const isReview = categoryOf(board, ticket.status) === "review";
      // Of what another machine saw, and of doubts, a person decides.
      if (!by.agent && isReview && known.isElsewhere) return [];
      return known.entries
        .filter(({ state }) => state !== "passed" && !(state === "doubtful" && !by.agent))
        .map(({ name, state, why }) => ({ name, why, isDoubt: state === "doubtful" }));
    },
  };
}

/** Where every ticket must be verified and there is nothing to run. */
function noEntries({ verify }: AgentsConfig, problem: string | undefined): Unproven[] {
  if (problem !== undefined) return [{ name: "agents.yml", why: problem }];
  return verify.size === 0 ? [{ name: "agents.yml", why: "has no entries under verify: that could be run" }] : [];
}

interface About {
  readonly board: View["board"];
  readonly ticket: Ticket;
  readonly text: string;
}

function verificationOf(
  store: Store,
  config: AgentsConfig,
  problem: string | undefined,
  { board, ticket, text }: About,
): Verification {
  const names = namesNeeded(board, ticket, [...config.verify.keys()]);
  const work = workHeadOf(store, ticket);
  const criteria = markOfCriteria(text);
  const entries = names.map((name): Standing => {
    const record = readProof(store, ticket.id, name);
    const entry = config.verify.get(name);
    const open = (why: string): Standing => ({ name, state: "open", why, record });
    if (problem !== undefined) return open(problem);
    if (entry === undefined) return open("is no entry of agents.yml");
    if (work === undefined) return open("cannot be run where there is no commit of a project");
    if (record === undefined) return open(`has not been run on ${work.head.slice(0, 8)}`);
    if (record.entry !== markOfEntry(entry)) return open("was changed in agents.yml since it was run");
    if (record.head !== work.head)
      return open(`was run on ${record.head.slice(0, 8)}, and the work is at ${work.head.slice(0, 8)} now`);
    if (record.criteria !== criteria) return open("was run before the acceptance criteria were changed");
    return { name, state: record.outcome, why: record.why, record };
  });
  const said = ticket.fields.verified === undefined ? undefined : parseVerified(ticket.fields.verified);
  const isSaid = said !== undefined && said.head === work?.head && said.criteria === criteria;
  const isElsewhere =
    isSaid &&
    entries.every(({ name, state }) => state !== "failed" && (state === "passed" || said.names.includes(name)));
  return { head: work?.head, branch: work?.branch, entries, isElsewhere };
}
