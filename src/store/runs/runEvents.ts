import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from "node:fs";
import type { Store } from "../open/store.ts";
import { appendPrivate } from "../open/writePrivate.ts";
import { type RunName, runFile } from "./record.ts";

type Place = Pick<Store, "dir" | "host">;

/** One thing that happened in a run: what the agent's program said, or what ayo did. */
export interface LoggedEvent {
  /** ISO time at which ayo saw it. */
  readonly at: string;
  /** `session`, `text`, `tool`, `retry`, `usage`, `denied`, `end`, `raw`; `ayo` for what ayo did. */
  readonly type: string;
  /** How much of the program's output was read with it, in bytes: whoever goes on begins there. */
  readonly offset?: number;
  readonly [key: string]: unknown;
}

/** How many bytes of a log's end are read at a time. */
const CHUNK = 256 * 1024;

/** A log that is larger is put away, and begun anew; the one before stays, those before that go. In bytes. */
const MAX_LOG = 32 * 1024 * 1024;

/** Appends events to a run's log. @throws disk_full, store_not_writable */
export function logEvents(place: Place, run: RunName, events: readonly LoggedEvent[], atMost = MAX_LOG): void {
  if (events.length === 0) return;
  const file = runFile(place, run, "events.jsonl");
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > atMost) {
    renameSync(file, runFile(place, run, "events.1.jsonl"));
  }
  appendPrivate(file, `${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
}

/** Ends a line that a crash cut, so that the next one is whole. */
export function endLine(place: Place, run: RunName): void {
  const file = runFile(place, run, "events.jsonl");
  const handle = open(file);
  if (handle === undefined) return;
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 10) appendPrivate(file, "\n");
  } finally {
    closeSync(handle);
  }
}

/** Events of a run's log, and where they lie in it. */
export interface LogPart {
  readonly events: LoggedEvent[];
  /** Where the first of them begins; what was put away lies before 0. */
  readonly from: number;
  /** Whether there are earlier ones. */
  readonly hasEarlier: boolean;
}

/** The last events of a run, at most so many, and where its log ends. Lines that were cut by a crash are left out. */
export function lastEvents(place: Place, run: RunName, count: number): LogPart & { readonly size: number } {
  const end = statSync(runFile(place, run, "events.jsonl"), { throwIfNoEntry: false })?.size ?? 0;
  const { whole, ...part } = partBefore(place, run, end, count);
  return { ...part, size: whole };
}

/** The events that were logged before a place, at most so many, the last ones. */
export function eventsBefore(place: Place, run: RunName, before: number, count: number): LogPart {
  const { whole, ...part } = partBefore(place, run, before, count);
  return part;
}

/** `whole` is where the last whole line ends: what is being written is read the next time. */
function partBefore(place: Place, run: RunName, before: number, count: number): LogPart & { readonly whole: number } {
  const [old, now] = [runFile(place, run, "events.1.jsonl"), runFile(place, run, "events.jsonl")];
  const put = statSync(old, { throwIfNoEntry: false })?.size ?? 0;
  const part = before > 0 ? endOf(now, before, count) : { events: [], from: 0, whole: 0 };
  const hasEarlier = part.from > (put > 0 ? -put : 0);
  if (part.events.length >= count || part.from > 0 || put === 0) return { ...part, hasEarlier };
  const more = endOf(old, put + Math.min(0, before), count - part.events.length);
  const events = [...more.events, ...part.events];
  return { events, from: more.from - put, whole: part.whole, hasEarlier: more.from > 0 };
}

/** What lies before a place in a file: at most so many lines, and where the first begins. */
function endOf(file: string, end: number, count: number): Omit<LogPart, "hasEarlier"> & { readonly whole: number } {
  const handle = open(file);
  if (handle === undefined) return { events: [], from: 0, whole: 0 };
  try {
    const parts: Buffer[] = [];
    let from = Math.max(0, Math.min(end, fstatSync(handle).size));
    for (let lines = 0; from > 0 && lines <= count; ) {
      const length = Math.min(CHUNK, from);
      const part = Buffer.allocUnsafe(length);
      from -= length;
      readSync(handle, part, 0, length, from);
      for (const byte of part) if (byte === 10) lines++;
      parts.unshift(part);
    }
    const bytes = Buffer.concat(parts);
    const whole = bytes.lastIndexOf(10) + 1;
    let begin = whole;
    // The end of a line is the beginning of the next.
    for (let left = count; left > 0 && begin > 0; left--) begin = begin < 2 ? 0 : bytes.lastIndexOf(10, begin - 2) + 1;
    return { events: parseLines(bytes.toString("utf8", begin, whole)), from: from + begin, whole: from + whole };
  } finally {
    closeSync(handle);
  }
}

/**
 * The events that were logged behind a place, and where the last whole line of them ends; of at most so many bytes, which
 * are more than a line has.
 */
export function eventsAfter(
  place: Place,
  run: RunName,
  from: number,
  atMost = Number.POSITIVE_INFINITY,
): { readonly events: LoggedEvent[]; readonly size: number } {
  const handle = open(runFile(place, run, "events.jsonl"));
  if (handle === undefined) return { events: [], size: from };
  try {
    const { size } = fstatSync(handle);
    // A log that was begun anew.
    const begin = size < from ? 0 : from;
    const part = Buffer.alloc(Math.min(size - begin, atMost));
    const read = readSync(handle, part, 0, part.length, begin);
    const end = part.subarray(0, read).lastIndexOf(10) + 1;
    return { events: parseLines(part.subarray(0, end).toString("utf8")), size: begin + end };
  } finally {
    closeSync(handle);
  }
}

function open(file: string): number | undefined {
  try {
    return openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseLines(text: string): LoggedEvent[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as LoggedEvent];
    } catch {
      // The first of them was begun before, or the machine went down within it.
      return [];
    }
  });
}
