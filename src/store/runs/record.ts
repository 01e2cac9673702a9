import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { makeFolders } from "../../folderOwner.ts";
import { mapAside } from "../../git/disk/durable.ts";
import type { Moment, ProcessIdentity } from "../../processes.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Adapter } from "../open/agents/agentTypes.ts";
import { homeFolder } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";

/** How a run ended. `waiting`: the agent asked, or delegated; `lost`: nobody knows, it was gone. */
export const OUTCOMES = ["ok", "failed", "stopped", "lost", "waiting"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How far a run is. What is written down happened, or was about to: `starting` comes before the program is started. */
export const RUN_STATES = ["starting", "running", "ending", "ended"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One run of an agent's program on a ticket, as this machine keeps it where agents cannot write. */
export interface RunRecord {
  readonly schema: 1;
  /** A UUID: what its processes carry as AYO_RUN. */
  readonly run: string;
  readonly ticket: string;
  /** From 1 among the runs of its ticket on this machine. */
  readonly n: number;
  /** The store's directory and what it is on the disk: a copy of a project has no runs of its original's. */
  readonly store: string;
  readonly inode: string;
  readonly agent: string;
  readonly adapter: Adapter;
  readonly version?: string;
  readonly state: RunState;
  /** Which try of its assignment it is, from 1. */
  readonly tries: number;
  /** The token of the claim that it works under. */
  readonly token: string;
  readonly session?: string;
  readonly isResumed: boolean;
  /** It reviews what others did. */
  readonly isReview: boolean;
  /** The column that its ticket stood in when it was chosen. */
  readonly column?: string;
  readonly worktree?: string;
  readonly branch?: string;
  /** The commit that it began at. */
  readonly head?: string;
  /** The leader of the program's process group. */
  readonly child?: ProcessIdentity;
  /** ISO times. */
  readonly at: string;
  readonly started?: string;
  /** The same by a clock that nobody sets. */
  readonly since?: Moment;
  readonly ended?: string;
  readonly exit?: { readonly code: number | null; readonly signal?: string };
  readonly outcome?: Outcome;
  /** Why it ended so, in a sentence. */
  readonly why?: string;
  /** What of its answer did not fit the ticket's schema, where it is asked once more. */
  readonly rejected?: readonly { readonly pointer: string; readonly message: string }[];
  /** It is asked once more for the answer of this run. */
  readonly repairOf?: number;
  /** The parts of its ticket that were over when it began. */
  readonly parts?: readonly string[];
  /** People wrote something that its agent was not told: that is why another run follows. */
  readonly isUnheard?: true;
  /** Another run of the same assignment follows it. */
  readonly isTriedAgain?: true;
  /** What it left did not pass what ayo ran. */
  readonly isUnproven?: true;
  readonly tokens?: number;
  readonly cost?: number;
  /** What the session has used up in all, earlier runs included, where its program tells that. */
  readonly sessionTokens?: number;
  readonly sessionCost?: number;
  /** The last thing that the agent said. */
  readonly said?: string;
}

/** What names a run: its ticket and its number. */
export type RunName = Pick<RunRecord, "ticket" | "n">;

type Place = Pick<Store, "dir" | "host">;

const RECORD = "run.json";
const MAX_BYTES = 1024 * 1024;

/** Where all runs of a store are kept: in AYO_HOME, by where the store lies. */
export function runsFolder(place: Place): string {
  return homeFolder(place, "runs");
}

/** Where one run is kept. */
export function runFolder(place: Place, { ticket, n }: RunName): string {
  return path.join(runsFolder(place), ticket, String(n));
}

/** A file of a run: its prompt, what its program prints, its events. */
export function runFile(
  place: Place,
  run: RunName,
  name:
    | "prompt.md"
    | "out"
    | "err"
    | "events.jsonl"
    | "events.1.jsonl"
    | "notes.json"
    | "setup.log"
    | "exit"
    | "stop.json"
    | "answer.txt"
    | "answer.json"
    | "schema.json",
): string {
  return path.join(runFolder(place, run), name);
}

/** Takes the next free number of a ticket's runs, and makes its folder. @throws store_not_writable, disk_full */
export function newRunFolder(place: Place, ticket: string): number {
  const folder = path.join(runsFolder(place), ticket);
  try {
    makeFolders(folder, 0o700);
    for (let n = Math.max(0, ...numbersIn(folder)) + 1; ; n++) {
      try {
        mkdirSync(path.join(folder, String(n)), { mode: 0o700 });
        return n;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (error) {
    throw mapAside(error, folder);
  }
}

/** Keeps a run's number taken, once all that was kept of it is gone. */
export function makeRunFolder(place: Place, run: RunName): void {
  mkdirSync(runFolder(place, run), { mode: 0o700 });
}

/** Writes a record durably. @throws store_not_writable, disk_full */
export function writeRun(place: Place, record: RunRecord): RunRecord {
  writePrivate(path.join(runFolder(place, record), RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}

/** A run's record; undefined where there is none, or none that ayo wrote. */
export function readRun(place: Place, name: RunName): RunRecord | undefined {
  const read = readStoreFile(path.join(runFolder(place, name), RECORD), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    const record = JSON.parse(read.bytes.toString("utf8")) as RunRecord;
    const isRun = record.schema === 1 && record.ticket === name.ticket && record.n === name.n;
    return isRun && RUN_STATES.includes(record.state) ? record : undefined;
  } catch {
    // Not as ayo writes it: whoever looks for it is told that it is not there.
    return undefined;
  }
}

/** The runs of a ticket, or of all, in no order; of a copied project those of the original are none. */
export function allRuns(place: Place, ticket?: string): RunRecord[] {
  const tickets = ticket === undefined ? namesIn(runsFolder(place)) : [ticket];
  return tickets.flatMap((one) =>
    numbersIn(path.join(runsFolder(place), one)).flatMap((n) => readRun(place, { ticket: one, n }) ?? []),
  );
}

/** `mya-x7k2/3`: how people name a run. */
export function runWord({ ticket, n }: RunName): string {
  return `${ticket}/${n}`;
}

/**
 * The run that a word means: `mya-x7k2/3`, or the last one of `mya-x7k2`.
 * @throws not_found
 */
export function findRun(place: Place, ticket: string, n: number | undefined): RunRecord {
  const last = n ?? Math.max(0, ...numbersIn(path.join(runsFolder(place), ticket)));
  const found = readRun(place, { ticket, n: last });
  if (found !== undefined) return found;
  throw new AyoError("not_found", `${ticket} has no run${n === undefined ? "" : ` ${n}`} on this machine`, {
    try: ["ayo", "run", "list"],
    data: { id: ticket, near: [] },
  });
}

function numbersIn(folder: string): number[] {
  return namesIn(folder).flatMap((name) => (/^[1-9]\d{0,5}$/.test(name) ? [Number(name)] : []));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw mapAside(error, folder);
  }
}

/** What a shell says of a program that a signal ended. */
const SIGNALS: Readonly<Record<number, string>> = {
  129: "SIGHUP",
  130: "SIGINT",
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

/** How a run's program ended, as its wrapper wrote it down; undefined where it did not come so far. */
export function readExit(place: Place, run: RunName): RunRecord["exit"] {
  const read = readStoreFile(runFile(place, run, "exit"), { limit: 64 });
  if (read === undefined || read instanceof Unread) return undefined;
  const code = Number(read.bytes.toString("utf8").trim() || Number.NaN);
  if (!Number.isInteger(code)) return undefined;
  const signal = SIGNALS[code];
  return signal === undefined ? { code } : { code: null, signal };
}
