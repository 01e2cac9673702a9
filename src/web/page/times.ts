import { state } from "./state.ts";

/** Another number every half minute: what shows a time that is left follows it. */
export const halfMinute = state(0);
setInterval(() => halfMinute.set(halfMinute.get() + 1), 30_000);

/** `12m`, or `expired`. */
export function timeLeft(until: string): string {
  const left = Date.parse(until) - Date.now();
  return left <= 0 ? "expired" : span(left / 1000);
}

/** Seconds as a person says them: `40s`, `12m`, `3h`, `5d`. */
export function span(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)}s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)}m`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)}h`;
  return `${Math.round(seconds / 86400)}d`;
}

/** `3h ago`. */
export function ago(time: string): string {
  const passed = (Date.now() - Date.parse(time)) / 1000;
  if (Number.isNaN(passed)) return time;
  return passed < 5 ? "just now" : `${span(passed)} ago`;
}

/** `Nov 21, 2026, 3:40 AM`, in the reader's own way. */
export function fullTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** `3:40 AM`, or with its day where that is not today. */
export function clockTime(time: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString(undefined, { timeStyle: "short" }) : fullTime(time);
}

/** `3.4 days`, or hours where it is less than two. */
export function inDays(days: number | undefined): string {
  if (days === undefined) return "–";
  const minutes = Math.round(days * 24 * 60);
  if (minutes < 120) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  return days < 2 ? `${Math.round(days * 24)} hours` : `${Math.round(days * 10) / 10} days`;
}
