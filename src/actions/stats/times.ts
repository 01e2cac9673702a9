import { parseTime } from "../../ticket/time.ts";

/** How long something took, over `count` tickets; null where there are none. */
export interface Durations {
  readonly count: number;
  readonly medianSeconds: number | null;
  /** 85 of 100 took at most this long. */
  readonly p85Seconds: number | null;
}

const DAY = 24 * 60 * 60 * 1000;

/** Median and 85th percentile of the times between two moments; pairs that are no span of time are left out. */
export function durationsOf(
  spans: readonly (readonly [from: string | undefined, to: string | undefined])[],
): Durations {
  const seconds = spans
    .map(([from, to]) => ((parseTime(to ?? "") ?? Number.NaN) - (parseTime(from ?? "") ?? Number.NaN)) / 1000)
    // What is done in the second in which it was made took no time: only one of the times may have its fraction.
    .filter((duration) => duration > -1)
    .map((duration) => Math.max(0, duration))
    .sort((left, right) => left - right);
  return { count: seconds.length, medianSeconds: percentile(seconds, 0.5), p85Seconds: percentile(seconds, 0.85) };
}

/** The value at a share of sorted numbers, between two of them where the share falls between two. */
export function percentile(sorted: readonly number[], share: number): number | null {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) return null;
  return Math.round(low + (high - low) * (place - Math.floor(place)));
}

/** The ISO 8601 week of a moment in UTC: `2026-W53` holds the last days of December and the first of January. */
export function isoWeek(milliseconds: number): string {
  const thursday = new Date(milliseconds + (4 - (new Date(milliseconds).getUTCDay() || 7)) * DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The last `count` weeks up to that of `now`, oldest first. */
export function lastWeeks(now: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => isoWeek(now - (count - 1 - at) * 7 * DAY));
}
