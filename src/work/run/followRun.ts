import type { ChildProcess } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { isProvablyDead } from "../../processes.ts";
import type { AgentEntry } from "../../store/open/agents/agentTypes.ts";
import type { Store } from "../../store/open/store.ts";
import { type RunRecord, runFile, writeRun } from "../../store/runs/record.ts";
import { type LoggedEvent, logEvents } from "../../store/runs/runEvents.ts";
import { withoutColours } from "../../ticket/printed/printedLines.ts";
import { adapterOf } from "../adapters/adapters.ts";
import { LastWords } from "../adapters/lastWords.ts";
import { type Line, LineSplitter } from "../adapters/lines.ts";
import { isProgress, type RunEvent } from "../adapters/runEvent.ts";
import { masked } from "./environment.ts";
import type { LiveRun } from "./liveRun.ts";
import { hush } from "./talk.ts";

/** So much of a program's output is read at a time, so that one that prints much stops nothing else. In bytes. */
const CHUNK = 1024 * 1024;
/** Of what a program printed on stderr so much may say why it failed. In bytes. */
const COMPLAINT = 4096;
/** Longer texts of events are cut in the log. In characters. */
const MAX_TEXT = 16 * 1024;

/** A run as its dispatcher follows it, from the beginning of its output. */
export function followed(
  record: RunRecord,
  entry: AgentEntry,
  secrets: readonly string[],
  child?: ChildProcess,
): LiveRun {
  const now = performance.now();
  return {
    record,
    entry,
    adapter: adapterOf(entry.adapter),
    isReview: record.isReview,
    secrets,
    child,
    lines: new LineSplitter(0),
    read: 0,
    logged: 0,
    progressAt: now,
    lookedAt: now,
    renewedAt: now,
    tools: 0,
    tokens: 0,
    cost: 0,
    words: new LastWords(),
    sessionTokens: record.sessionTokens ?? 0,
    sessionCost: record.sessionCost ?? 0,
    isGone: false,
  };
}

/** Reads what a run's program printed since. Returns whether there is more. */
export function readOutput(store: Store, run: LiveRun): boolean {
  const { bytes, isMore } = readFrom(runFile(store, run.record, "out"), run.read);
  if (bytes.length === 0) return false;
  run.read += bytes.length;
  take(store, run, run.lines.push(bytes));
  return isMore;
}

/** Reads the last of it, once nothing more will come. */
export function readRest(store: Store, run: LiveRun): void {
  while (readOutput(store, run)) {
    // As long as there is more.
  }
  const last = run.lines.finish();
  if (last !== undefined) take(store, run, [last]);
}

/** The end of what a program printed on stderr. */
export function complaintOf(store: Store, run: LiveRun): string {
  const file = runFile(store, run.record, "err");
  const { size } = readFrom(file, Number.POSITIVE_INFINITY);
  return readFrom(file, Math.max(0, size - COMPLAINT)).bytes.toString("utf8");
}

/** How much a program has printed. */
export function outputSize(store: Store, run: LiveRun): number {
  return statSync(runFile(store, run.record, "out"), { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(
  file: string,
  from: number,
): { readonly bytes: Buffer; readonly isMore: boolean; readonly size: number } {
  const none = Buffer.alloc(0);
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { bytes: none, isMore: false, size: 0 };
  }
  try {
    const { size } = fstatSync(handle);
    if (size <= from) return { bytes: none, isMore: false, size };
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK, size - from));
    const read = readSync(handle, bytes, 0, bytes.length, from);
    return { bytes: bytes.subarray(0, read), isMore: from + read < size, size };
  } finally {
    closeSync(handle);
  }
}

function take(store: Store, run: LiveRun, lines: readonly Line[]): void {
  const at = new Date(store.host.now()).toISOString();
  const logged: LoggedEvent[] = [];
  for (const { text, end } of lines) {
    for (const event of run.adapter.parse(text)) {
      const odd = event.type === "usage" ? oddUsage(run, event) : undefined;
      if (odd === undefined) heard(store, run, event);
      // Of an adopted run the beginning was logged by whoever looked after it.
      if (end <= run.logged) continue;
      logged.push({ at, ...toldEvent(event, run.secrets), offset: end });
      if (odd !== undefined) logged.push({ at, ...odd, offset: end });
    }
  }
  logEvents(store, run.record, logged);
}

/** What an event means for the run. */
function heard(store: Store, run: LiveRun, event: RunEvent): void {
  if (isProgress(event)) {
    run.progressAt = performance.now();
    delete run.retry;
  }
  run.words.take(event);
  switch (event.type) {
    case "session":
      rememberSession(store, run, event);
      return;
    case "tool":
      run.tools = Math.max(0, run.tools + (event.phase === "begin" ? 1 : -1));
      return;
    case "usage":
      use(run, event);
      return;
    case "retry":
      run.retry = event.why;
      if (event.isLogin) run.stop ??= notLoggedIn(event.why);
      return;
    case "end":
      run.end = event;
      hush(run);
      return;
    default:
  }
}

function rememberSession(store: Store, run: LiveRun, { id, version }: Extract<RunEvent, { type: "session" }>): void {
  const known = { session: id, ...(version === undefined ? {} : { version }) };
  const { session, version: before } = run.record;
  if (session === id && (version === undefined || version === before)) return;
  run.record = writeRun(store, { ...run.record, ...known });
}

/** What no run uses up: whoever tells more is not believed. */
const MAX_TOKENS = 1e12;
const MAX_COST = 1e6;

/** What is logged of numbers that cannot be true, or would make a sum that cannot. */
function oddUsage(run: LiveRun, { tokens = 0, cost = 0 }: Extract<RunEvent, { type: "usage" }>) {
  const isSane = (one: number, most: number): boolean => one >= 0 && one <= most;
  if (isSane(tokens, MAX_TOKENS - run.tokens) && isSane(cost, MAX_COST - run.cost)) return undefined;
  return { type: "ayo", text: "what it says that it used up cannot be true, and is not counted" };
}

/** What a program tells of its whole session, earlier runs included, is this run's as far as it is more than before. */
function use(run: LiveRun, { tokens = 0, cost = 0, isTotal }: Extract<RunEvent, { type: "usage" }>): void {
  const since = (now: number, before: number): number => (isTotal !== true || now < before ? now : now - before);
  run.tokens += since(tokens, run.sessionTokens);
  run.cost += since(cost, run.sessionCost);
  if (isTotal !== true) return;
  if (tokens > 0) run.sessionTokens = tokens;
  if (cost > 0) run.sessionCost = cost;
}

function notLoggedIn(why: string): NonNullable<LiveRun["stop"]> {
  return { outcome: "failed", why: `its program is not logged in: ${why}`, isOutside: true };
}

/** An event as it is written down: no secrets, nothing that a terminal obeys but colours, nothing endless. */
function toldEvent(event: RunEvent, secrets: readonly string[]): { readonly type: string } {
  const told = Object.entries(event).map(([key, value]) => {
    if (typeof value !== "string") return [key, key === "output" ? maskedJson(value, secrets) : value];
    const text = maskedText(value, secrets);
    return [key, text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text];
  });
  return Object.fromEntries(told) as { readonly type: string };
}

/** A colour within a secret does not hide it: such a text is kept without. */
function maskedText(value: string, secrets: readonly string[]): string {
  const bare = withoutColours(value);
  const text = masked(bare, secrets);
  return text === bare ? value : text;
}

function maskedJson(value: unknown, secrets: readonly string[]): unknown {
  const text = masked(JSON.stringify(value ?? null), secrets);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : JSON.parse(text);
}

/** Whether the program of a run is alive. */
export function isProgramAlive({ child, record }: LiveRun): boolean {
  if (child !== undefined) return child.exitCode === null && child.signalCode === null;
  return record.child !== undefined && !isProvablyDead(record.child);
}
