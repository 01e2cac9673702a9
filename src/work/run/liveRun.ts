import type { ChildProcess } from "node:child_process";
import type { AgentEntry } from "../../store/open/agents/agentTypes.ts";
import type { Outcome, RunRecord } from "../../store/runs/record.ts";
import type { Adapter } from "../adapters/adapter.ts";
import type { LastWords } from "../adapters/lastWords.ts";
import type { LineSplitter } from "../adapters/lines.ts";
import type { RunEvent } from "../adapters/runEvent.ts";

/** Why a run is ended before its program ends by itself. */
export interface Stop {
  readonly outcome: Outcome;
  readonly why: string;
  /** Worth another try. */
  readonly isTransient?: true;
  /** It says nothing about the work: the program was not logged in, or could not be started. */
  readonly isOutside?: true;
  /** Another has the ticket: nothing of it is touched. */
  readonly isTaken?: true;
}

/** Notes of a run's ticket. */
export interface KnownNotes {
  /** Ids of those that its agent was told, wrote, or could not be told. */
  readonly ids: Set<string>;
  version: string;
  /** Notes of people that it could not be told while it was at work. */
  untold: number;
}

/** A run whose program is alive, or was a moment ago, as its dispatcher knows it. */
export interface LiveRun {
  record: RunRecord;
  readonly entry: AgentEntry;
  readonly adapter: Adapter;
  readonly isReview: boolean;
  /** What is struck from whatever is written about it. */
  readonly secrets: readonly string[];
  /** Of a run that this process started. */
  readonly child?: ChildProcess | undefined;
  /** The notes that its agent knows, and the version of the ticket that they were read from last. */
  notes?: KnownNotes;
  readonly lines: LineSplitter;
  /** How much of the program's output was read, in bytes. */
  read: number;
  /** How much of it is logged: of an adopted run less was. */
  logged: number;
  /** Of the clock that nobody sets, in milliseconds: when something went on last, and when it was looked at last. */
  progressAt: number;
  lookedAt: number;
  renewedAt: number;
  /** What of its output stands in its record, and since when. */
  noted?: { readonly read: number; readonly at: number };
  /** Tools that are at work. */
  tools: number;
  tokens: number;
  cost: number;
  readonly words: LastWords;
  /** What its session has used up in all, as its program tells. */
  sessionTokens: number;
  sessionCost: number;
  end?: Extract<RunEvent, { readonly type: "end" }>;
  /** The last reason for trying again to reach the model. */
  retry?: string;
  /** The program is gone. */
  isGone: boolean;
  stop?: Stop | undefined;
  /** It is being ended: nobody else is to. */
  ending?: Promise<void> | undefined;
  /** How often looking after it went wrong in a row, and when it is tried again, by the clock that nobody sets. */
  trouble?: { readonly times: number; readonly until: number };
  /** Since when its ticket is not there. */
  goneSince?: number;
  /** Since when it has nothing to do any more: the agent itself gave its ticket up. */
  idleSince?: number;
}
