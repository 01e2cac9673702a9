import { existsSync } from "node:fs";
import { type Ending, endRun as writeEnd } from "../../actions/runs/endRun.ts";
import { AyoError } from "../../error.ts";
import { msSince } from "../../processes.ts";
import { readTicketText } from "../../store/disk/readFile.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import { openStore, type Store } from "../../store/open/store.ts";
import { markOver } from "../../store/runs/liveRuns.ts";
import { OUTCOMES, type RunRecord, readExit, writeRun } from "../../store/runs/record.ts";
import { sweep } from "../../store/runs/stopProgram.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { formatDuration } from "../../ticket/time.ts";
import { type Judged, judgeAnswer } from "../output/judgeAnswer.ts";
import { keepAnswer } from "../output/keptAnswer.ts";
import { type Proven, verifyRun } from "../verify/verifyRun.ts";
import type { Work } from "../work.ts";
import { masked } from "./environment.ts";
import { complaintOf, readRest } from "./followRun.ts";
import { type KeptLeftovers, keepLeftovers } from "./leftovers.ts";
import type { LiveRun } from "./liveRun.ts";
import { logAyo } from "./logRun.ts";
import { tellOnBase } from "./onBase.ts";
import { problemIn } from "./problemIn.ts";
import { assertHeard, Unheard, unheardIn } from "./unheard.ts";
import { decide, isSessionGone, type Verdict, verdictOf } from "./verdict.ts";

/** Of an agent's last words so many characters are kept in the ticket. */
const MAX_SAID = 2_000;

/**
 * Ends a run whose program is gone: what it left running is ended, what it left lying is committed, its ticket gets a
 * note and goes where the outcome sends it. Each step may be done again by the next dispatcher. Returns the verdict.
 */
export async function endRun(work: Work, run: LiveRun): Promise<Verdict> {
  const { store } = work;
  readRest(store, run);
  const exit = readExit(store, run.record) ?? exitOf(run);
  run.record = writeRun(store, { ...run.record, state: "ending", ...(exit === undefined ? {} : { exit }) });
  if (!(await sweep(run.record.run))) work.tell({ what: "trouble", text: "processes of it cannot be ended" });
  const { left, files } = await keepLeftovers(work, run);
  const onBase = await tellOnBase(work, run);
  if (onBase !== undefined) {
    work.tell({ what: "trouble", ticket: run.record.ticket, text: onBase });
    logAyo(store, run.record, onBase);
  }
  const complaint = masked(complaintOf(store, run), run.secrets);
  const proven = await verifyRun(work, run, verdictOf(run, complaint));
  const { rejected, ...ended } = await settle(work, run, proven, {
    left: onBase === undefined ? left : [...left, onBase],
    files,
  });
  const { session, ...record } = run.record;
  run.record = writeRun(store, {
    ...record,
    // One that is gone is not gone on with.
    ...(session === undefined || isSessionGone(run, complaint) ? {} : { session }),
    state: "ended",
    ended: new Date(store.host.now()).toISOString(),
    outcome: ended.outcome,
    why: masked(ended.why, run.secrets),
    ...usedBy(run),
    ...(run.words.text === undefined ? {} : { said: masked(run.words.text, run.secrets).slice(0, MAX_SAID) }),
    ...(ended.isUnproven ? { isUnproven: true as const } : {}),
    ...(ended.isTransient ? { isTriedAgain: true as const } : {}),
    ...(ended.isTransient && rejected !== undefined ? { rejected } : {}),
    ...(ended.isUnheard ? { isUnheard: true as const } : {}),
  });
  logAyo(store, run.record, `ended: ${ended.outcome}${ended.why === "" ? "" : `, ${ended.why}`}`);
  markOver(store, run.record);
  return ended;
}

function usedBy({ tokens, cost, sessionTokens, sessionCost }: LiveRun): Partial<RunRecord> {
  const used = Object.entries({ tokens, cost, sessionTokens, sessionCost });
  return Object.fromEntries(used.filter(([, much]) => much > 0));
}

function exitOf({ child }: LiveRun): RunRecord["exit"] {
  if (child === undefined || (child.exitCode === null && child.signalCode === null)) return undefined;
  return { code: child.exitCode, ...(child.signalCode === null ? {} : { signal: child.signalCode }) };
}

/** How a run is over, and what its agent is told of an answer that did not fit. */
type Settled = Verdict & Pick<Judged, "rejected">;

/** What the end of a run means for its ticket. */
async function conclude(
  work: Work,
  run: LiveRun,
  { view, ticket }: { readonly view: View; readonly ticket: Ticket },
  { verdict, ending: wished }: Proven,
): Promise<{ readonly ended: Settled; readonly ending?: Ending | undefined; readonly output?: unknown }> {
  const { rejected, output, ...judged } = await judgeAnswer(work.store, view, run, ticket, verdict);
  // Holding an answer to its schema takes a while.
  const unheard = unheardIn(work, output === undefined ? view : await readStore(work.store), run, verdict);
  if (unheard !== undefined) return { ended: goesOn(work, run, unheard, output) };
  const { ending, ...ended } = decide(view, run, ticket, judged.verdict);
  return {
    ended: { ...ended, ...(rejected === undefined ? {} : { rejected }) },
    ending: ending === "close" ? (wished ?? ending) : ending,
    output,
  };
}

/** Another turn follows; what fits already is kept for one that says nothing new. */
function goesOn({ store }: Work, { record }: LiveRun, unheard: Verdict, output: unknown): Verdict {
  if (output !== undefined) keepAnswer(store, record, output);
  return unheard;
}

/** Writes the end into the ticket. Returns how the run is over then. */
async function settle(work: Work, run: LiveRun, proven: Proven, kept: KeptLeftovers): Promise<Settled> {
  const { left, files } = kept;
  const { verdict } = proven;
  const { store } = work;
  const { record } = run;
  const view = await readStore(store);
  const ticket = view.byId.get(record.ticket);
  const problem = ticket === undefined ? problemIn(view, record.ticket) : undefined;
  if (problem !== undefined) throw new AyoError("bad_ticket", `${problem.path}:${problem.line}: ${problem.message}`);
  if (ticket === undefined) return { ...verdict, isTransient: false };
  const written = writtenEnd(readTicketText(work.store.dir, ticket.path), record);
  if (written !== undefined) return { ...verdict, ...written, isTransient: false };
  const { ending, ended, output } = await conclude(work, run, { view, ticket }, proven);
  if (ending === undefined) return ended;
  const message = summaryOf(run, ended, left);
  try {
    await writeEnd(storeFrom(store, record), {
      ...wordsOf(record),
      ending,
      message,
      run: `${record.n} ${ended.outcome}`,
      output,
      changed: files,
      isWaiting: ending === "release" && ended.outcome === "waiting",
      check: (_, draft) => assertHeard(work, draft.view, run, verdict),
    });
    return ended;
  } catch (error) {
    if (error instanceof Unheard) return goesOn(work, run, error.verdict, output);
    if (!(error instanceof AyoError) || ending === "note") throw error;
    return givenUp(work, run, error, left, ending === "release");
  }
}

/** A rule of the store stands in the way of the end, and the agent is gone: somebody has to look. */
async function givenUp(
  { store }: Work,
  run: LiveRun,
  { code, message }: AyoError,
  left: readonly string[],
  isReleased: boolean,
): Promise<Settled> {
  const { record } = run;
  const failed = { outcome: "failed", why: `could not be handed in: ${message}`, isTransient: false } as const;
  const instead = code === "lost_claim" || code === "claimed" || isReleased ? "note" : "release";
  const text = summaryOf(run, failed, left);
  await writeEnd(store, { ...wordsOf(record), ending: instead, message: text, run: `${record.n} failed` });
  return failed;
}

/** The store as it is seen from where the agent worked: the ticket says where its work lies. */
function storeFrom(store: Store, { worktree, isReview }: RunRecord): Store {
  if (isReview || worktree === undefined || !existsSync(worktree)) return store;
  return openStore({ dir: store.dir }, { ...store.host, cwd: worktree });
}

function wordsOf({ ticket, agent, token }: RunRecord): {
  readonly id: string;
  readonly as: string;
  readonly claim: string;
} {
  return { id: ticket, as: agent, claim: token };
}

/** How a run ended by what whoever looked after it before has written into the ticket; undefined where nobody came so far. */
function writtenEnd(text: string, { run, n }: RunRecord): Partial<Pick<Verdict, "outcome" | "why">> | undefined {
  const line = text.split("\n").find((one) => one.includes(markOf(run, n)));
  if (line === undefined) return undefined;
  const [, word, why = ""] =
    /^Run \d+ of \S+ ended [^:]*: ([a-z]+)(?:, (.*?))?\.(?: Branch \S+\.)? \(run /.exec(line) ?? [];
  const outcome = OUTCOMES.find((one) => one === word);
  return outcome === undefined ? {} : { outcome, why };
}

function markOf(run: string, n: number): string {
  return `(run ${n}, ${run.slice(0, 8)})`;
}

function summaryOf(run: LiveRun, { outcome, why }: Verdict, left: readonly string[]): string {
  const { record, tokens, cost, secrets } = run;
  const ms = (record.since === undefined ? undefined : msSince(record.since)) ?? 0;
  const used = [
    `after ${formatDuration(Math.max(1_000, Math.round(ms / 1_000) * 1_000))}`,
    ...(tokens > 0 ? [`${tokens.toLocaleString("en-US")} tokens`] : []),
    ...(cost > 0 ? [`$${cost.toFixed(2)}`] : []),
  ].join(", ");
  const branch = record.branch === undefined || record.isReview ? "" : ` Branch ${record.branch}.`;
  const head = `Run ${record.n} of ${record.agent} ended ${used}: ${outcome}${why === "" ? "" : `, ${why}`}.${branch}`;
  const words = masked(run.words.text ?? "", secrets).trim();
  const cut = words.length > MAX_SAID ? `${words.slice(0, MAX_SAID)}…` : words;
  const parts = [`${head} ${markOf(record.run, record.n)}`, ...left, cut];
  return masked(parts.filter((part) => part !== "").join("\n\n"), secrets);
}
