const DAY = 24 * 60 * 60 * 1000;

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
