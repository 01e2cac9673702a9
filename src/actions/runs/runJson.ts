import { isProvablyDead, processesWith } from "../../processes.ts";
import { RUN_VARIABLE } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import { isLookedAfter } from "../../store/runs/liveRuns.ts";
import { type RunRecord, runWord } from "../../store/runs/record.ts";
import { formatTime, parseTime } from "../../ticket/time.ts";

/** A run as programs see it. */
export interface RunJson {
  /** What people call it: `mya-x7k2/3`. */
  readonly run: string;
  readonly ticket: string;
  readonly n: number;
  readonly agent: string;
  readonly adapter: string;
  readonly version: string | null;
  readonly state: RunRecord["state"];
  /** Whether a dispatcher looks after it now; false for one that goes on alone. */
  readonly attended: boolean;
  /** Whether its program has ended, and the next dispatcher has to write down how. */
  readonly gone: boolean;
  readonly outcome: string | null;
  readonly why: string | null;
  readonly review: boolean;
  /** Which try of its assignment, from 1. */
  readonly tries: number;
  readonly session: string | null;
  readonly worktree: string | null;
  readonly branch: string | null;
  readonly at: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly exit: number | string | null;
  readonly tokens: number | null;
  readonly cost: number | null;
  /** Its agent's last words. */
  readonly said: string | null;
}

/** The JSON of a run. */
export function runJson(store: Pick<Store, "dir" | "host">, record: RunRecord): RunJson {
  const { ticket, n, agent, adapter, state, tries, exit } = record;
  const attended = state !== "ended" && isLookedAfter(store, record);
  return {
    run: runWord(record),
    ticket,
    n,
    agent,
    adapter,
    version: record.version ?? null,
    state,
    attended,
    gone: state !== "ended" && !attended && isGone(record),
    outcome: record.outcome ?? null,
    why: record.why || null,
    review: record.isReview,
    tries,
    session: record.session ?? null,
    worktree: record.worktree ?? null,
    branch: record.branch ?? null,
    at: whole(record.at),
    started: record.started === undefined ? null : whole(record.started),
    ended: record.ended === undefined ? null : whole(record.ended),
    exit: exit?.code ?? exit?.signal ?? null,
    tokens: record.tokens ?? null,
    cost: record.cost ?? null,
    said: record.said ?? null,
  };
}

/** Of what was not started yet whatever carries its name tells, such as its set-up. */
function isGone({ run, child }: RunRecord): boolean {
  return child === undefined ? processesWith(RUN_VARIABLE, run).length === 0 : isProvablyDead(child);
}

/** In seconds, as everywhere. */
function whole(time: string): string {
  return formatTime(parseTime(time) ?? 0);
}
