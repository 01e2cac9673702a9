import { randomBytes, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { claimForRun } from "../../actions/claim.ts";
import type { AgentEntry, AgentsConfig } from "../../store/open/agents/agentTypes.ts";
import type { Store } from "../../store/open/store.ts";
import { forgetRun, markLive, takeOver } from "../../store/runs/liveRuns.ts";
import { allRuns, newRunFolder, type RunRecord, writeRun } from "../../store/runs/record.ts";
import { standsIn } from "../../ticket/rules/phases.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { type Choice, stillWanted } from "../dispatch/choose.ts";
import type { Work } from "../work.ts";
import { lastRunOf } from "./earlier.ts";
import { launchRun } from "./launchRun.ts";
import type { LiveRun } from "./liveRun.ts";

/** A run that is to be. */
export interface Starting {
  readonly choice: Choice;
  readonly entry: AgentEntry;
  readonly config: AgentsConfig;
  readonly version: string | undefined;
}

/**
 * Starts an agent's program for a ticket: it is written down, then claimed, then prepared for, then started. What a
 * crash leaves at any point the next dispatcher finds by the record. Undefined where somebody else was quicker.
 * @throws what claiming throws; nothing is left then
 */
export async function startRun(work: Work, { choice, entry, config, version }: Starting): Promise<LiveRun | undefined> {
  const { store } = work;
  const { ticket, isReview } = choice;
  const earlier = lastRunOf(store, ticket.id, entry);
  const again = choice.token === undefined ? undefined : lastOf(store, ticket.id, choice.token);
  const record = begin(work, {
    ticket: ticket.id,
    agent: entry.name,
    adapter: entry.adapter,
    ...(version === undefined ? {} : { version }),
    tries: choice.tries + 1,
    token: choice.token ?? randomBytes(8).toString("hex"),
    ...(earlier?.session === undefined ? {} : sessionOf(earlier)),
    isResumed: earlier?.session !== undefined,
    isReview,
    // Tried again, it stands where its claim has taken it.
    ...(again?.column === undefined ? {} : { column: again.column }),
    ...repairing(store, ticket.id, choice.token),
  });
  let chosen = record;
  try {
    const column = await claimIt(work, record, choice, config);
    if (record.column === undefined && column !== undefined) chosen = writeRun(store, { ...record, column });
  } catch (error) {
    forgetRun(work.store, record);
    throw error;
  }
  work.tell({ what: "started", ...named(record), text: `${isReview ? "reviews" : "starts"} ${ticket.title}` });
  return launchRun(work, chosen, entry, config);
}

/** The last run under a claim. */
function lastOf(store: Store, ticket: string, token: string): RunRecord | undefined {
  return allRuns(store, ticket)
    .filter((run) => run.token === token)
    .sort((one, other) => other.n - one.n)[0];
}

/** Whether the agent is only asked once more for its answer: of which run's. */
function repairing(store: Store, ticket: string, token: string | undefined): Pick<RunRecord, "repairOf"> {
  const runs = allRuns(store, ticket).filter((run) => run.token === token && run.isTriedAgain);
  const last = runs.sort((one, other) => other.n - one.n)[0];
  const repairOf = last?.rejected === undefined ? last?.repairOf : last.n;
  return repairOf === undefined ? {} : { repairOf };
}

/** The session that is gone on with, and what it has used up. */
function sessionOf({ session = "", sessionTokens, sessionCost }: RunRecord) {
  return {
    session,
    ...(sessionTokens === undefined ? {} : { sessionTokens }),
    ...(sessionCost === undefined ? {} : { sessionCost }),
  };
}

/** What a run is called in news. */
export function named({ ticket, n, agent }: RunRecord): Pick<RunRecord, "ticket" | "n" | "agent"> {
  return { ticket, n, agent };
}

type Known = Pick<RunRecord, "ticket" | "agent" | "adapter" | "tries" | "token" | "isResumed" | "isReview"> &
  Partial<Pick<RunRecord, "column" | "repairOf" | "version" | "session" | "sessionTokens" | "sessionCost">>;

/** Writes down that a run begins. */
function begin({ store }: Work, known: Known): RunRecord {
  const n = newRunFolder(store, known.ticket);
  const { ino, dev } = statSync(store.dir);
  const record: RunRecord = {
    schema: 1,
    run: randomUUID(),
    n,
    store: store.dir,
    inode: `${dev}:${ino}`,
    state: "starting",
    at: new Date(store.host.now()).toISOString(),
    ...known,
  };
  takeOver(store, record);
  markLive(store, record);
  return writeRun(store, record);
}

/** Returns the column that the ticket stood in. */
async function claimIt(
  work: Work,
  record: RunRecord,
  choice: Choice,
  config: AgentsConfig,
): Promise<string | undefined> {
  const { ticket: id, agent, tries, token } = record;
  let column: string | undefined;
  await claimForRun(
    work.store,
    { ids: [id], as: agent, claim: token },
    {
      mark: { agent, tries, isLost: false },
      fields: fieldsFor(choice.ticket, choice, agent),
      check: (ticket, { view }) => {
        stillWanted(view, config, ticket, { agent, isReview: choice.isReview, token });
        column = standsIn(view, ticket);
      },
    },
  );
  return column;
}

/** Work that was a team's, or nobody's, is the agent's from now on. */
function fieldsFor({ fields }: Ticket, { team, isReview }: Choice, agent: string) {
  if (isReview) return {};
  if (team !== undefined) return { assignee: agent, team };
  return fields.assignee === undefined ? { assignee: agent } : {};
}
