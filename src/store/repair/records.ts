import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { readHead } from "../../git/refs/refs.ts";
import { operationInProgress } from "../../git/repository/operation.ts";
import { namesIn } from "../../git/repository/repository.ts";
import { bootId } from "../../processes.ts";
import { formatDuration, formatTime } from "../../ticket/time.ts";
import { isRecord } from "../change/record/recordShape.ts";
import type { RedoRecord } from "../change/record/redo.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Finding, StoreFinding } from "./finding.ts";
import type { Aside } from "./setAside.ts";

/**
 * Changes that are not over: records that cannot be read, those that wait for git or for recovery, and those that
 * recovery could not finish and set aside.
 */
export function findRecords(store: Store, journal: Journal, aside: Aside): StoreFinding[] {
  const folder = path.join(journal.stateDir, "redo");
  return [
    ...recordNames(folder).flatMap((name) => recordDiagnosis(store, journal, path.join(folder, name), aside)),
    ...setAsideRecords(store, journal),
  ];
}

/** Whether a finding is of a change that the next command that writes finishes. */
export function isWaiting({ code, fix }: Finding): boolean {
  return (code === "waiting_record" || code === "unfinished_record") && fix !== undefined;
}

function recordDiagnosis(store: Store, journal: Journal, file: string, aside: Aside): StoreFinding[] {
  const record = readRecord(file);
  if (record === "gone") return [];
  const where = inGit(journal, file);
  if (record === "damaged") {
    const message = "a redo record that cannot be read";
    const finding = { code: "bad_record", severity: "error", path: where, message, fix: "set aside" } as const;
    return [{ finding, mend: () => void (readRecord(file) === "damaged" && aside.move(file)) }];
  }
  // Within a boot all that a large change wrote is there; only a power cut would make it matter.
  if (record.state === "settling" && record.boot === bootId()) return [];
  const isDeferred = record.state === "deferred";
  const obstacle = isDeferred ? obstacleOf(journal) : undefined;
  const what = tell(store, record);
  const how = isDeferred ? "waits for its commit" : "was not finished";
  const next = isDeferred ? "commits it" : "finishes or forgets it";
  const message =
    obstacle === undefined
      ? `${what} ${how}: the next command that writes ${next}`
      : `${what} ${how}, which cannot be made while ${obstacle}`;
  const code = isDeferred ? "waiting_record" : "unfinished_record";
  const finding = { code, severity: "warning", path: where, ...ticketOf(record), message } as const;
  return [{ finding: obstacle === undefined ? { ...finding, fix: `what the next command does: ${next}` } : finding }];
}

/** Why git takes no commit just now. */
function obstacleOf({ mode, repository }: Journal): string | undefined {
  const operation = mode === "inline" ? operationInProgress(repository) : undefined;
  if (operation !== undefined) return `a ${operation} is in progress`;
  if (readHead(repository).ref === undefined) return "HEAD is detached";
  return existsSync(path.join(repository.gitDir, "index.lock")) ? "git's index.lock is there" : undefined;
}

/** What recovery could not finish lies in `set-aside/<time>/redo/`, with a text beside it that says why. */
function setAsideRecords(store: Store, journal: Journal): StoreFinding[] {
  const top = path.join(journal.stateDir, "set-aside");
  const files = namesIn(top).flatMap((time) => {
    const folder = path.join(top, time, "redo");
    return recordNames(folder).map((name) => path.join(folder, name));
  });
  return files.map((file) => {
    const record = readRecord(file);
    const isWhole = record !== "damaged" && record !== "gone";
    const what = isWhole ? tell(store, record) : "a change";
    const why = firstLine(file.replace(/json$/, "txt")) || "nothing says why";
    const where = inGit(journal, file);
    const message = `${what} could not be finished and was set aside: ${why}; see what of it is missing, then delete the file`;
    const ticket = isWhole ? ticketOf(record) : {};
    return { finding: { code: "set_aside_record", severity: "warning", path: where, ...ticket, message } };
  });
}

/** `'note ayo-x7k2: …' by @coder, 3m ago at 2026-11-21T03:40:00Z (ayo-x7k2),`: what, whose, since when, which tickets. */
function tell({ host }: Store, { sentence, actor, at, paths }: RedoRecord): string {
  const age = formatDuration(Math.max(0, host.now() - at));
  const tickets = sentence.tickets.length > 0 ? sentence.tickets : Object.keys(paths);
  const shown = tickets.slice(0, 5).join(", ") + (tickets.length > 5 ? ` and ${tickets.length - 5} more` : "");
  return `'${sentence.subject}' by ${actor.name}, ${age} ago at ${timeOf(at)} (${shown}),`;
}

/** A damaged record may hold any number. */
function timeOf(at: number): string {
  return Math.abs(at) < 8e15 ? formatTime(at) : "an unknown time";
}

/** The ticket, where it is only one. */
function ticketOf({ sentence: { tickets } }: RedoRecord): { readonly id?: string } {
  return tickets.length === 1 ? { id: tickets[0] as string } : {};
}

function readRecord(file: string): RedoRecord | "damaged" | "gone" {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isRecord(value) ? value : "damaged";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "damaged";
  }
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0]?.trim() ?? "";
  } catch {
    return "";
  }
}

function recordNames(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .sort();
}

function inGit({ repository }: Journal, file: string): string {
  return path.relative(repository.commonDir, file).split(path.sep).join("/");
}
