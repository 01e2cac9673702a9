import { DAY, dayAt } from "./plan.ts";

/** How near one looks: CSS pixels for a day. */
export const ZOOMS = { week: 36, month: 12, quarter: 4 } as const;
/** One of {@link ZOOMS}. */
export type Zoom = keyof typeof ZOOMS;

/** How wide the name of a line of the axis is at most, CSS pixels. */
const NAME = 48;

/** Whether the name of a line of the axis would stand where that of today does. */
export function isCovered(at: number, now: number, zoom: Zoom): boolean {
  return Math.abs(at - now) * ZOOMS[zoom] < NAME * DAY;
}

/** A line of the axis. */
export interface Tick {
  readonly at: number;
  /** A larger step begins: a month among weeks, a year among months. */
  readonly isLarge: boolean;
}

/** The lines between two moments: days of a week, Mondays, or the first of months; UTC. */
export function ticksOf(from: number, to: number, zoom: Zoom): Tick[] {
  const ticks: Tick[] = [];
  if (zoom === "quarter") {
    const first = new Date(from);
    for (let month = 0; ; month++) {
      const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
      if (at > to) return ticks;
      if (at >= from) ticks.push({ at, isLarge: new Date(at).getUTCMonth() % 3 === 0 });
    }
  }
  for (let at = dayAt(from); at <= to; at += DAY) {
    const isMonday = new Date(at).getUTCDay() === 1;
    if (zoom === "week") ticks.push({ at, isLarge: isMonday });
    else if (isMonday) ticks.push({ at, isLarge: new Date(at).getUTCDate() <= 7 });
  }
  return ticks;
}
