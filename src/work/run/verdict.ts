import type { Ending } from "../../actions/runs/endRun.ts";
import type { View } from "../../store/disk/view.ts";
import type { Outcome, RunRecord } from "../../store/runs/record.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { failureOf } from "../adapters/failures.ts";
import { DEFAULT_TRIES } from "../dispatch/choose.ts";
import { isOurs } from "./isOurs.ts";
import type { LiveRun } from "./liveRun.ts";
import { partsAwaited } from "./parts.ts";

/** What is decided about a run that is over. */
export interface Verdict {
  readonly outcome: Outcome;
  /** In a sentence without a subject; "" where there is nothing to say. */
  readonly why: string;
  /** Worth another try. */
  readonly isTransient: boolean;
  /** It says nothing about the work: the program was not logged in, or could not be started. */
  readonly isOutside?: true | undefined;
  /** The agent is asked once more for its answer, however often it was tried. */
  readonly isRepair?: true;
  /** It went well, and goes on for what people wrote meanwhile. */
  readonly isUnheard?: true;
  /** The work did not pass what ayo ran. */
  readonly isUnproven?: true | undefined;
}

/** The same, and what becomes of the ticket: nothing where it is another's, or another try follows. */
export interface Decided extends Verdict {
  readonly ending?: Ending;
}

/**
 * How a run went, by what ayo saw: not stopped, the program's own word that it went well where it has one, and exit 0.
 * How an adopted program ended that was killed nobody knows. `complaint` is the end of what it printed on stderr.
 */
export function verdictOf({ record, adapter, stop, end, retry }: LiveRun, complaint = ""): Verdict {
  if (stop !== undefined) {
    const { outcome, why, isTransient = false, isOutside } = stop;
    return { outcome, why, isTransient, isOutside };
  }
  if (end?.ok === false) {
    const isTransient = end.isTransient === true || end.isSessionGone === true;
    return { ...failed(end.why ?? "its program says that it failed", isTransient), isOutside: end.isLogin };
  }
  const { exit } = record;
  const isFine = exit === undefined ? end?.ok === true : exit.code === 0;
  if (isFine && (end !== undefined || !adapter.endsByEvent)) return { outcome: "ok", why: "", isTransient: false };
  const { isLogin, isTransient, isSessionGone } = failureOf(retry ?? complaint);
  const line = complaint.trim().split("\n").at(-1) ?? "";
  const why = retry ?? `its program ended${howEnded(exit)}${line === "" ? "" : `: ${line.slice(0, MAX_LINE)}`}`;
  const isAbrupt = exit === undefined || exit.signal !== undefined || isFine;
  return { ...failed(why, isAbrupt || isTransient === true || isSessionGone === true), isOutside: isLogin };
}

/** Of a long line so much is told. In characters. */
const MAX_LINE = 300;

function failed(why: string, isTransient: boolean): Verdict {
  return { outcome: "failed", why, isTransient };
}

/** Whether a run's session is gone, so that the next try begins a new one. */
export function isSessionGone({ end }: LiveRun, complaint: string): boolean {
  return end?.isSessionGone === true || (end === undefined && failureOf(complaint).isSessionGone === true);
}

function howEnded(exit: RunRecord["exit"]): string {
  if (exit === undefined) return ", nobody knows how";
  return exit.signal === undefined ? ` with exit code ${exit.code}` : ` with signal ${exit.signal}`;
}

/** What becomes of a ticket whose run is over. */
export function decide(view: View, run: LiveRun, ticket: Ticket, verdict: Verdict): Decided {
  const { record, entry } = run;
  if (!isOurs(view, ticket, record)) return leftByAgent(view, run, ticket, verdict);
  const { open, over } = partsAwaited(view, record);
  if (verdict.outcome === "ok" && open.length + over.length > 0) {
    const why = open.length > 0 ? `waits for ${open.join(", ")}` : `${over.join(", ")} ended meanwhile`;
    return { outcome: "waiting", why, isTransient: false, ending: "release" };
  }
  if (verdict.isRepair) return verdict;
  if (verdict.isTransient && record.tries < (entry.limits.tries ?? DEFAULT_TRIES)) return verdict;
  const last = { ...verdict, isTransient: false };
  if (run.isReview) return reviewed(last);
  if (verdict.outcome === "ok" && ticket.fields.mode === "plan")
    return { ...last, outcome: "waiting", why: "its plan waits for a person", ending: "ask" };
  if (verdict.outcome === "ok") return { ...last, ending: "close" };
  return { ...last, ending: verdict.outcome === "failed" && verdict.isOutside !== true ? "fail" : "release" };
}

function reviewed(verdict: Verdict): Decided {
  if (verdict.outcome !== "ok") return { ...verdict, ending: "release" };
  return { ...verdict, outcome: "failed", why: "ended without approving or rejecting", ending: "release" };
}

/** What the agent did itself stands; another's claim is nothing to write about. */
function leftByAgent(view: View, { record, stop, isReview }: LiveRun, ticket: Ticket, verdict: Verdict): Decided {
  const { claim } = ticket.fields;
  const isTaken = stop?.isTaken === true || (claim !== undefined && claim !== record.token);
  const own = stop === undefined || stop.outcome === "ok" ? ownOutcome(view, ticket, isReview) : verdict;
  return { ...own, isTransient: false, ...(isTaken && !isReview ? {} : { ending: "note" as const }) };
}

/** How it went by where the agent itself left its ticket. */
function ownOutcome({ board }: View, { status, fields }: Ticket, isReview: boolean): Verdict {
  const why = `the agent left it in ${status}`;
  const as = (outcome: Outcome, how = why): Verdict => ({ outcome, why: how, isTransient: false });
  if (isReview) return as("ok");
  if (fields.question !== undefined) return as("waiting", "the agent asked");
  const category = categoryOf(board, status);
  if (category === "failed") return as("failed");
  return as(category === "blocked" ? "waiting" : "ok");
}
