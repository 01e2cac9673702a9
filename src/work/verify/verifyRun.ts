import { invoke } from "../../actions/input/action.ts";
import { wishedColumn } from "../../actions/lifecycle/proven.ts";
import { renew } from "../../actions/renew.ts";
import { isProven, writeVerified } from "../../actions/verify/writeVerified.ts";
import { AyoError } from "../../error.ts";
import { AYO } from "../../store/change/leases.ts";
import { transaction } from "../../store/change/transaction.ts";
import { readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { allRuns } from "../../store/runs/record.ts";
import { readStop } from "../../store/runs/stopRequest.ts";
import type { ProofRecord } from "../../store/verify/proofRecord.ts";
import type { Board, Column } from "../../ticket/rules/board.ts";
import { needsVerify } from "../../ticket/rules/verify.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { isOurs } from "../run/isOurs.ts";
import type { LiveRun } from "../run/liveRun.ts";
import { logAyo } from "../run/logRun.ts";
import { isAwaiting } from "../run/parts.ts";
import type { Verdict } from "../run/verdict.ts";
import type { Work } from "../work.ts";
import { verifyWork } from "./verifyWork.ts";

/** What the verdict is once the work was verified, and what the ticket's end is by it. */
export interface Proven {
  readonly verdict: Verdict;
  /** `submit`: the agent wished it, or a person has to look; `move`: it wished the ticket in a column that asks for this. */
  readonly ending?: "submit" | "close" | "move";
}

/** While commands run: how often somebody may have stopped it, and how often the claim is renewed. In milliseconds. */
const LOOK_MS = 250;
const RENEW_MS = 4 * 60_000;

/**
 * Verifies the work of a run that went well, or whose agent wished its ticket closed: by the commands that its ticket has
 * to pass. What fails has its agent started once more, with a note that says how; then it is over.
 */
export async function verifyRun(work: Work, run: LiveRun, verdict: Verdict): Promise<Proven> {
  const { store } = work;
  const view = await readStore(store);
  const ticket = view.byId.get(run.record.ticket);
  if (ticket === undefined || run.isReview || (run.stop !== undefined && run.stop.outcome !== "ok")) return { verdict };
  const wish = wishOf(view, ticket);
  if ((verdict.outcome !== "ok" && wish === undefined) || !isOurs(view, ticket, run.record)) return { verdict };
  // A plan is nothing to verify.
  if (!isAsked(view.board, ticket, wish) || ticket.fields.mode === "plan") return { verdict };
  if (isAwaiting(view, run.record)) return { verdict };
  const ok: Verdict = { outcome: "ok", why: "", isTransient: false };
  const proofs = await proofsOf(work, run);
  if ("outcome" in proofs) return { verdict: proofs };
  if (isProven(proofs)) return { verdict: ok, ...(wish === undefined ? {} : { ending: wish }) };
  const failed = proofs.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0) return { verdict: await missed(work, run, failed) };
  const why = proofs.flatMap((one) => (one.outcome === "doubtful" ? [`${one.name}: ${one.why}`] : [])).join("; ");
  return { verdict: { ...ok, why }, ending: "submit" };
}

/** Whether a ticket's work has to pass on its way to where it goes: what a column asks for counts on the way into it. */
function isAsked(board: Board, ticket: Ticket, wish: Proven["ending"]): boolean {
  if (!needsVerify(board, ticket)) return false;
  const asking = ({ enter, category }: Column) =>
    enter?.includes("verify") === true && (wish === "move" || category === "done" || category === "review");
  const rest = board.columns.map(({ enter: _, ...column }): Column => column);
  return board.columns.some(asking) || needsVerify({ ...board, columns: rest }, ticket);
}

/** What a ticket's agent wants done with it once its work has passed. */
function wishOf({ board }: View, { fields: { wish } }: Ticket): Proven["ending"] {
  if (wish === "close" || wish === "submit") return wish;
  return wishedColumn(board, wish) === undefined ? undefined : "move";
}

/** Runs the commands; a verdict where that could not be done. */
async function proofsOf(work: Work, run: LiveRun): Promise<readonly ProofRecord[] | Verdict> {
  const { store, person } = work;
  const { record } = run;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  work.stopping?.addEventListener("abort", end);
  if (work.stopping?.aborted) stop.abort();
  const look = setInterval(() => {
    if (readStop(store, record) !== undefined) stop.abort();
  }, LOOK_MS);
  const keep = setInterval(() => {
    invoke(renew, store, { ids: [record.ticket], as: record.agent, claim: record.token }).catch((error: Error) =>
      work.tell({ what: "trouble", ticket: record.ticket, n: record.n, text: error.message }),
    );
  }, RENEW_MS);
  try {
    const tell = (text: string): void => logAyo(store, record, text);
    const by = { name: person.name, agent: false };
    const seen = await verifyWork(store, { id: record.ticket, by, run: record.run, signal: stop.signal, tell });
    await writeVerified(store, seen, {});
    for (const { name, outcome, why } of seen.proofs) tell(`${name}: ${outcome}${why === "" ? "" : `, ${why}`}`);
    return seen.proofs;
  } catch (error) {
    const asked = readStop(store, record);
    if (asked !== undefined) return { outcome: "stopped", why: `stopped by ${asked.by}`, isTransient: false };
    // Not its agent's fault: the next dispatcher does it again, or a person has to allow it.
    if (!(error instanceof AyoError) || stop.signal.aborted) throw error;
    return { outcome: "failed", why: error.message, isTransient: false, isOutside: true };
  } finally {
    clearInterval(look);
    clearInterval(keep);
    work.stopping?.removeEventListener("abort", end);
  }
}

/** One more try for its agent, who reads in a note what failed; whoever failed twice has failed. */
async function missed({ store }: Work, { record }: LiveRun, failed: readonly ProofRecord[]): Promise<Verdict> {
  const why = failed.map((one) => `verify ${one.name} ${one.why}`).join("; ");
  const isSecond = allRuns(store, record.ticket).some(
    (one) => one.token === record.token && one.run !== record.run && one.isUnproven === true,
  );
  const mark = `(run ${record.n}, verified)`;
  const parts = failed.map((one) => `${one.name} ${one.why}${one.tail === "" ? "" : `:\n\n${fenced(one.tail)}`}`);
  const text = [`What run ${record.n} of ${record.agent} left does not pass. ${mark}`, ...parts].join("\n\n");
  await noteOnce(store, record.ticket, { mark, text });
  return { outcome: "failed", why, isTransient: !isSecond, isUnproven: true };
}

/** A note in ayo's own name, as of all that nobody said; whoever verifies the same run once more writes no second one. */
async function noteOnce(store: Store, id: string, { mark, text }: { readonly mark: string; readonly text: string }) {
  await transaction(store, { actor: AYO }, async (draft) => {
    const ticket = draft.view.byId.get(id);
    if (ticket === undefined || draft.read(ticket).includes(mark)) return { result: undefined };
    draft.note(ticket, text);
    const subject = `note on ${id}: ${ticket.title}`;
    return { result: undefined, sentence: { subject, event: "noted", tickets: [id] } };
  });
}

/** As code, so that nothing in it is a heading, a mention or a box of the ticket's. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
