import type { Dated } from "./dated.ts";

/** How long something took, over `count` tickets; null where there are none. */
export interface Durations {
  readonly count: number;
  readonly medianSeconds: number | null;
  /** 85 of 100 took at most this long. */
  readonly p85Seconds: number | null;
}

/** From one moment to another, in seconds; undefined where one is unknown or they are no span of time. */
export function secondsBetween(from: number | undefined, to: number | undefined): number | undefined {
  const seconds = ((to ?? Number.NaN) - (from ?? Number.NaN)) / 1000;
  // What is done in the second in which it was made took no time: only one of the times may have its fraction.
  return seconds > -1 ? Math.max(0, seconds) : undefined;
}

/** From created to closed. */
export function leadOf({ created, closed }: Dated): number | undefined {
  return secondsBetween(created, closed);
}

/** From started to closed. */
export function cycleOf({ started, closed }: Dated): number | undefined {
  return secondsBetween(started, closed);
}

/** Median and 85th percentile; what is undefined is left out. */
export function durationsOf(values: readonly (number | undefined)[]): Durations {
  const seconds = Float64Array.from(values.filter((value) => value !== undefined)).sort();
  return { count: seconds.length, medianSeconds: percentile(seconds, 0.5), p85Seconds: percentile(seconds, 0.85) };
}

/** The value at a share of sorted numbers, between two of them where the share falls between two; whole, null of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number | null {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) return null;
  return Math.round(low + (high - low) * (place - Math.floor(place)));
}
