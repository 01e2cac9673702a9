import { formatTime, parseDuration, parseTime } from "./time.ts";

// Moments as people say them. Days, and times without a zone, are those of the clock where the reader is; what files
// have without a zone is UTC (time.ts).

/** From its first millisecond since 1970 to the one after its last. */
export type Period = readonly [start: number, end: number];

const DAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const UNITS: Readonly<Record<string, string>> = {
  second: "s",
  sec: "s",
  minute: "m",
  min: "m",
  hour: "h",
  day: "d",
  week: "w",
};

/**
 * What a text means: `today`, `tomorrow`, `yesterday`, `friday` (the next one, or the last one of what is `past`; today
 * counts), a day, a month, a year, a time. Undefined for anything else.
 */
export function periodOf(text: string, now: number, isPast: boolean): Period | undefined {
  const word = text.trim().toLowerCase();
  const steps = daysTo(word, now, isPast);
  if (steps !== undefined) return dayOf(now, steps);
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(word) ?? [];
  if (year === undefined) {
    const time = timeHere(text);
    return time === undefined ? undefined : [time, time + 1000];
  }
  const [y, m] = [Number(year), Number(month ?? 1)];
  if (day !== undefined)
    return parseTime(word) === undefined ? undefined : [midnight(y, m, Number(day)), midnight(y, m, Number(day) + 1)];
  if (m < 1 || m > 12) return undefined;
  return [midnight(y, m, 1), month === undefined ? midnight(y + 1, 1, 1) : midnight(y, m + 1, 1)];
}

/** Milliseconds of `3d`, `3 days`, `in 3 days` where it lies ahead, `3 days ago` where it is past. */
export function spanOf(text: string, isPast: boolean): number | undefined {
  const around = isPast ? /^(.*?)(?:\s+ago)?$/i : /^(?:in\s+)?(.*)$/i;
  const [, inner = ""] = around.exec(text.trim()) ?? [];
  const short = parseDuration(inner);
  if (short !== undefined) return short;
  const [, count = "1", name = ""] = /^(\d{1,9}|an?)\s*([a-z]+?)s?$/i.exec(inner) ?? [];
  const unit = UNITS[name.toLowerCase()];
  return unit === undefined ? undefined : parseDuration(`${/^a/i.test(count) ? 1 : count}${unit}`);
}

/** When something began that a person names: so long ago, or the beginning of a day; in milliseconds since 1970. */
export function pastMoment(text: string, now: number): number | undefined {
  const span = spanOf(text, true);
  return span === undefined ? periodOf(text, now, true)?.[0] : now - span;
}

/** What a person names as a time to come, as files have it: a day (`2026-12-24`), or a time in UTC. */
export function dateToCome(text: string, now: number): string | undefined {
  const word = text.trim();
  const steps = daysTo(word.toLowerCase(), now, false);
  if (steps !== undefined) return isoDay(dayOf(now, steps)[0]);
  const span = spanOf(word, false);
  if (span !== undefined) return /day|week/i.test(word) ? isoDay(now + span) : formatTime(now + span);
  const here = timeHere(word);
  if (here === undefined) return undefined;
  // What names its zone, or is a whole day, is written as it is.
  return isDay(word) || namesZone(word) ? word : formatTime(here);
}

/** When a value of a file is: a day begins where the reader is. */
export function momentOf(text: string): number | undefined {
  if (!isDay(text.trim()) || parseTime(text) === undefined) return parseTime(text);
  const [year = 0, month = 1, day = 1] = text.trim().split("-").map(Number);
  return midnight(year, month, day);
}

/** When what is due at a time is overdue; a day lasts until its end. */
export function dueEnd(due: string): number | undefined {
  const start = momentOf(due);
  return start === undefined || !isDay(due.trim()) ? start : dayOf(start, 0)[1];
}

/** A time as people read it, on the clock where they are: `2026-11-21 04:38`. */
export function shownTime(iso: string): string {
  const time = parseTime(iso);
  if (time === undefined) return iso;
  const date = new Date(time);
  return `${isoDay(time)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

/** How many days from today a word means. */
function daysTo(word: string, now: number, isPast: boolean): number | undefined {
  const named = { yesterday: -1, today: 0, tomorrow: 1 }[word];
  if (named !== undefined) return named;
  const day = word.length < 3 ? -1 : DAY_NAMES.findIndex((name) => name === word || name.slice(0, 3) === word);
  if (day < 0) return undefined;
  const today = new Date(now).getDay();
  return isPast ? -((today - day + 7) % 7) : (day - today + 7) % 7;
}

function dayOf(now: number, steps: number): Period {
  const date = new Date(now);
  const day = (more: number) => midnight(date.getFullYear(), date.getMonth() + 1, date.getDate() + steps + more);
  return [day(0), day(1)];
}

/** The beginning of a day here; a year below 100 is that year. */
function midnight(year: number, month: number, day: number): number {
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month - 1, day);
  return date.getTime();
}

function namesZone(time: string): boolean {
  return /(?:z|[+-]\d\d(?::?\d\d)?)$/i.test(time.trim().slice(10));
}

/** A time; one that names no zone is here. */
function timeHere(text: string): number | undefined {
  const utc = parseTime(text);
  if (utc === undefined || namesZone(text)) return utc;
  const date = new Date(utc);
  const here = new Date(midnight(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()));
  here.setHours(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds());
  return here.getTime();
}

function isoDay(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
