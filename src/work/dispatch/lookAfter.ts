import { invoke } from "../../actions/input/action.ts";
import { renew } from "../../actions/renew.ts";
import { AyoError } from "../../error.ts";
import { msSince } from "../../processes.ts";
import type { View } from "../../store/disk/view.ts";
import { readExit } from "../../store/runs/record.ts";
import { stopProgram } from "../../store/runs/stopProgram.ts";
import { readStop } from "../../store/runs/stopRequest.ts";
import { DEFAULT_LEASE_MS, isAgent, isSameName } from "../../ticket/rules/claim.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { endRun } from "../run/endRun.ts";
import { isProgramAlive, outputSize, readOutput } from "../run/followRun.ts";
import { isOurs } from "../run/isOurs.ts";
import type { LiveRun, Stop } from "../run/liveRun.ts";
import { logAyo } from "../run/logRun.ts";
import { problemIn } from "../run/problemIn.ts";
import { noteSoFar } from "../run/soFar.ts";
import type { Verdict } from "../run/verdict.ts";
import type { Work } from "../work.ts";

const MINUTE = 60_000;
/** What a run may take where agents.yml does not say. In milliseconds. */
const STALL_MS = 5 * MINUTE;
const TIME_MS = 2 * 60 * MINUTE;
/** A tool that is at work is let so long. */
const TOOL_MS = 30 * MINUTE;
/** Whoever looked for longer than this did not look: the machine slept, or somebody stopped the process. */
const GAP_MS = 5_000;
/** An agent that gave its ticket up by itself has so long to end. */
const IDLE_MS = 60_000;
const OVER: Stop = { outcome: "ok", why: "its work was over" };
/** A file that is written anew may be away so long. */
const GONE_MS = 1_000;
/** Who prints more does not work. In bytes. */
const MAX_OUTPUT = 1024 * 1024 * 1024;

/** What goes wrong, as on a full disk, is tried again: after a second first, then more seldom, at most so long. */
const TROUBLE_MS = 1_000;
const MOST_TROUBLE_MS = MINUTE;
/** Whoever waits for one round only does not wait longer for a run whose end cannot be written so often. */
const HOPELESS = 3;

/** Looks at one run: reads what its program printed, and ends it where it is over, or has to be. */
export function lookAfter(work: Work, run: LiveRun): void {
  if (run.ending !== undefined || performance.now() < (run.trouble?.until ?? 0)) return;
  try {
    look(work, run);
  } catch (error) {
    troubled(work, run, error);
  }
}

/** Says what went wrong with a run, and has it tried again later. */
function troubled(work: Work, run: LiveRun, error: unknown): void {
  const times = (run.trouble?.times ?? 0) + 1;
  const wait = Math.min(MOST_TROUBLE_MS, TROUBLE_MS * 2 ** (times - 1));
  run.trouble = { times, until: performance.now() + wait };
  run.ending = undefined;
  const { ticket, n, agent } = run.record;
  work.tell({ what: "trouble", ticket, n, agent, text: `${(error as Error).message}; it is tried again` });
}

/** Whether nobody can say when a run is over: writing down its end went wrong again and again. */
export function isHopeless({ trouble }: LiveRun): boolean {
  return trouble !== undefined && trouble.times >= HOPELESS;
}

function look(work: Work, run: LiveRun): void {
  const now = performance.now();
  const gap = now - run.lookedAt;
  // What was not looked at is no stall of the program's.
  if (gap > GAP_MS) run.progressAt += gap;
  run.lookedAt = now;
  if (outputSize(work.store, run) > run.read && readOutput(work.store, run)) work.wake();
  noteSoFar(work.store, run);
  run.isGone = !isProgramAlive(run);
  if (run.idleSince !== undefined && now - run.idleSince > IDLE_MS) run.stop ??= OVER;
  run.stop ??= run.isGone ? stoppedAlone(work, run) : whyStop(work, run);
  if (run.isGone || run.stop !== undefined) run.ending = end(work, run).catch((error) => troubled(work, run, error));
  else if (isRenewalDue(run)) void keepClaim(work, run);
}

async function end(work: Work, run: LiveRun): Promise<void> {
  const { record, stop } = run;
  if (stop !== undefined && !run.isGone) {
    logAyo(work.store, record, `stops it: ${stop.why}`);
    await stopProgram(record, Number(work.store.host.env.AYO_STOP_MS) || undefined);
  }
  const verdict = await endRun(work, run);
  tellEnd(work, run, verdict);
}

function tellEnd(work: Work, { record }: LiveRun, { outcome, why, isTransient, isUnheard }: Verdict): void {
  const { ticket, n, agent } = record;
  const isStopped = outcome === "stopped" && why !== "";
  const how = isStopped ? why : `${outcome}${why === "" ? "" : `: ${why}`}`;
  const text = `${how}${isUnheard ? "; it goes on" : isTransient ? "; it is tried again" : ""}`;
  work.tell({ what: outcome === "stopped" ? "stopped" : "ended", ticket, n, agent, text });
}

/** Why a program that is alive has to be ended, by what it does and takes. */
function whyStop({ store }: Work, run: LiveRun): Stop | undefined {
  const asked = readStop(store, run.record);
  if (asked !== undefined) return { outcome: "stopped", why: `stopped by ${asked.by}` };
  const over = overLimits(run) ?? (outputSize(store, run) > MAX_OUTPUT ? "printed more than 1 GB" : undefined);
  return over === undefined ? stalled(run) : { outcome: "failed", why: over };
}

/** Of a program that somebody ended where no dispatcher was. */
function stoppedAlone({ store }: Work, { record }: LiveRun): Stop | undefined {
  const asked = readStop(store, record);
  if (asked === undefined || readExit(store, record)?.code === 0) return undefined;
  return { outcome: "stopped", why: `stopped by ${asked.by}` };
}

function overLimits({ record, entry: { limits }, cost, tokens }: LiveRun): string | undefined {
  const time = record.since === undefined ? undefined : msSince(record.since);
  const most = limits.time ?? TIME_MS;
  if (time !== undefined && time > most) return `took longer than ${minutes(most)}`;
  if (limits.cost !== undefined && cost > limits.cost) return `cost more than ${limits.cost}`;
  if (limits.tokens !== undefined && tokens > limits.tokens) return `took more than ${limits.tokens} tokens`;
  return undefined;
}

function stalled({ progressAt, tools, retry, entry: { limits } }: LiveRun): Stop | undefined {
  const quiet = performance.now() - progressAt;
  const stall = limits.stall ?? STALL_MS;
  if (quiet <= (tools > 0 ? Math.max(stall, TOOL_MS) : stall)) return undefined;
  const why = retry === undefined ? `stood still for ${minutes(quiet)}` : `its model was not reached: ${retry}`;
  return { outcome: "failed", why, isTransient: true };
}

function minutes(ms: number): string {
  return ms < MINUTE ? `${Math.round(ms / 1000)}s` : `${Math.round(ms / MINUTE)}m`;
}

/** Looks at a run's ticket: whether it still is its agent's to work on. */
export function judgeTicket(view: View, run: LiveRun): void {
  if (run.ending !== undefined || run.stop !== undefined) return;
  const { record } = run;
  const ticket = view.byId.get(record.ticket);
  if (ticket === undefined) {
    judgeGone(view, run);
    return;
  }
  delete run.goneSince;
  const { claim, claimedBy, assignee = [] } = ticket.fields;
  if (isOurs(view, ticket, record)) {
    delete run.idleSince;
    const isOthers = assignee.length > 0 && !assignee.some((name) => isSameName(name, record.agent));
    if (isOthers && !record.isReview) run.stop = { outcome: "stopped", why: `was given to ${assignee.join(", ")}` };
    return;
  }
  const category = categoryOf(view.board, ticket.status);
  const isWork = category === "todo" || category === "active";
  // Whoever reviewed and sent it back is done, also where its author goes on already.
  if (!record.isReview && claim !== undefined && claim !== record.token && claimedBy !== undefined && isWork) {
    run.stop = { outcome: "stopped", why: `${claimedBy} has the ticket now`, isTaken: true };
    return;
  }
  const isOthers =
    !record.isReview && assignee.some(isAgent) && !assignee.some((name) => isSameName(name, record.agent));
  if (category === "cancelled") run.stop = { outcome: "stopped", why: "its ticket was cancelled" };
  else if (isOthers) run.stop = { outcome: "stopped", why: `was given to ${assignee.join(", ")}` };
  // The agent itself ended its work: its program may take a moment to end.
  run.idleSince ??= performance.now();
}

/** Stops a run whose ticket is gone for good: not where somebody edits its file, or puts another in its place. */
function judgeGone(view: View, run: LiveRun): void {
  if (problemIn(view, run.record.ticket) !== undefined) return;
  run.goneSince ??= performance.now();
  if (performance.now() - run.goneSince < GONE_MS) return;
  run.stop = { outcome: "stopped", why: "its ticket is gone", isTaken: true };
}

function isRenewalDue(run: LiveRun): boolean {
  return run.idleSince === undefined && performance.now() - run.renewedAt > DEFAULT_LEASE_MS / 3;
}

/** A sign of life; who lost the claim is stopped, and who cannot be asked tries again. */
async function keepClaim(work: Work, run: LiveRun): Promise<void> {
  const { record } = run;
  run.renewedAt = performance.now();
  try {
    await invoke(renew, work.store, { ids: [record.ticket], as: record.agent, claim: record.token });
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof AyoError && (error.code === "lost_claim" || error.code === "claimed")) {
      run.stop ??= { outcome: "stopped", why: "somebody else has the ticket now", isTaken: true };
    } else work.tell({ what: "trouble", ticket: record.ticket, n: record.n, text: message });
    work.wake();
  }
}
