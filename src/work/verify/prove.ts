import { AyoError } from "../../error.ts";
import type { WorkProject } from "../../store/allow/ready/workProject.ts";
import type { AgentsConfig, VerifyEntry } from "../../store/open/agents/agentTypes.ts";
import type { Store } from "../../store/open/store.ts";
import { markOfEntry, type ProofRecord, proofLog, writeProof } from "../../store/verify/proofRecord.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatTime } from "../../ticket/time.ts";
import { masked } from "../run/environment.ts";
import type { Sums } from "../worktrees/begun.ts";
import { runSetup } from "../worktrees/runSetup.ts";
import { type Checkout, changesSince, checkoutFolder, listed } from "./checkout.ts";
import { commandEnvironment } from "./commandEnvironment.ts";
import { changedProtected } from "./protected.ts";
import { endOf, runCommand } from "./runCommand.ts";

/** What takes longer has gone wrong. In milliseconds. */
const TIME_MS = 30 * 60_000;
/** Of what a command printed so much is kept. */
const TAIL_CHARACTERS = 4_000;
const TAIL_LINES = 40;

/** The work on one ticket that is verified. */
export interface One {
  readonly store: Store;
  readonly project: WorkProject;
  readonly ticket: Ticket;
  readonly head: string;
  readonly criteria: string;
  readonly config: AgentsConfig;
  readonly by: { readonly name: string; readonly agent: boolean };
  readonly run: string;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

/** An entry of agents.yml. */
export type Named = { readonly name: string; readonly entry: VerifyEntry };

function environmentOf({ project, ticket, run, by }: One, { dir }: Checkout) {
  return commandEnvironment(project, { run, ticket: ticket.id, dir, isByAgent: by.agent });
}

/** Why the set-up failed; undefined where it did not. */
export async function setUp(one: One, checkout: Checkout): Promise<string | undefined> {
  const { store, ticket, config, signal } = one;
  if (config.setup === undefined) return undefined;
  one.tell(`sets up: ${config.setup}`);
  const why = await runSetup(checkout.dir, {
    command: config.setup,
    env: environmentOf(one, checkout),
    logFile: proofLog(store, ticket.id, ".setup"),
    timeoutMs: TIME_MS,
    platform: store.host.platform,
    signal,
  });
  assertGoesOn(signal, ticket.id);
  return why;
}

/** Where commands are run. */
export interface Around {
  readonly checkout: Checkout;
  readonly struck: readonly string[];
  /** What was copied there from the project. */
  readonly copies: Sums;
  /** Why nothing can be run. */
  readonly failure: string | undefined;
}

/** Runs one command, and writes down what came of it. */
export async function prove(
  one: One,
  { name, entry }: Named,
  { checkout, struck, failure, copies }: Around,
): Promise<ProofRecord> {
  const { store, project, ticket, head, criteria, by, signal } = one;
  const begun = performance.now();
  const common = {
    schema: 1,
    ticket: ticket.id,
    name,
    entry: markOfEntry(entry),
    head,
    criteria,
    by: by.name,
  } as const;
  const write = (seen: Pick<ProofRecord, "outcome" | "why" | "exit" | "tail">): ProofRecord =>
    writeProof(store, {
      ...common,
      at: formatTime(store.host.now()),
      ms: Math.round(performance.now() - begun),
      ...seen,
      why: masked(seen.why, struck),
      tail: shortened(masked(seen.tail, struck)),
    });
  if (failure !== undefined) {
    const [why = "", ...lines] = failure.split("\n");
    return write({ outcome: "failed", why, exit: null, tail: lines.join("\n") });
  }
  const changed = await changesSince(checkout, checkoutFolder(project, ticket.id));
  const logFile = proofLog(store, ticket.id, name);
  const { exit, why, isStopped } = await runCommand({
    command: entry.run,
    dir: checkout.dir,
    env: environmentOf(one, checkout),
    logFile,
    timeoutMs: entry.time ?? TIME_MS,
    platform: store.host.platform,
    signal,
  });
  if (isStopped) assertGoesOn(signal, ticket.id);
  const tail = endOf(logFile);
  if (why !== undefined) return write({ outcome: "failed", why, exit, tail });
  const files = await changed();
  if (files.length > 0) return write({ outcome: "failed", why: `changed files: ${listed(files)}`, exit, tail });
  const { protect } = entry;
  const about = { id: ticket.id, head, base: one.config.base, protect, copies, isByAgent: by.agent };
  const doubt = await changedProtected(project, about);
  return write({ outcome: doubt === undefined ? "passed" : "doubtful", why: doubt ?? "", exit, tail });
}

/** @throws conflict */
function assertGoesOn(signal: AbortSignal, id: string): void {
  if (!signal.aborted) return;
  throw new AyoError("conflict", `verifying ${id} was stopped: nothing was seen`, { data: { id } });
}

function shortened(text: string): string {
  return text.split("\n").slice(-TAIL_LINES).join("\n").slice(-TAIL_CHARACTERS);
}
