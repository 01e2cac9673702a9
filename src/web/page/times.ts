import { before, clockOf, dateAndTime, dayOf, dayOfYear, daysAway, inUnits, type Unit } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { state } from "./state.ts";

/** Another number every half minute: what shows a time that is left follows it. */
export const halfMinute = state(0);
setInterval(() => halfMinute.set(halfMinute.get() + 1), 30_000);

/** `12m`, or `expired`. */
export function timeLeft(until: string): string {
  const left = Date.parse(until) - Date.now();
  return left <= 0 ? say.times.expired : inUnits(...counted(left / 1000), "narrow");
}

/** Seconds as a person counts them: 40 seconds, 12 minutes, 3 hours, 5 days. */
function counted(seconds: number): [count: number, unit: Unit] {
  if (seconds < 90) return [Math.round(seconds), "second"];
  if (seconds < 90 * 60) return [Math.round(seconds / 60), "minute"];
  if (seconds < 36 * 3600) return [Math.round(seconds / 3600), "hour"];
  return [Math.round(seconds / 86400), "day"];
}

/** `3h ago`. */
export function ago(time: string): string {
  const passed = (Date.now() - Date.parse(time)) / 1000;
  if (Number.isNaN(passed)) return time;
  return passed < 5 ? say.times.justNow : before(...counted(passed));
}

/** `Nov 21, 2026, 3:40 AM`, in the reader's own way. */
export function fullTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : dateAndTime(date);
}

/** `Dec 24, 2026`, of a day as it is stored: `2026-12-24`. */
export function dayText(day: string): string {
  const at = Date.parse(day.slice(0, 10));
  return Number.isNaN(at) ? day : dayOf(at);
}

/** `3:40 AM`, or with its day where that is not today. */
export function clockTime(time: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clockOf(date) : fullTime(time);
}

/** `Dec 24`, with its year where that is another one. */
export function shortDay(day: string): string {
  const at = Date.parse(day.slice(0, 10));
  const isThisYear = new Date(at).getUTCFullYear() === new Date().getFullYear();
  return Number.isNaN(at) ? day : isThisYear ? dayOfYear(at) : dayOf(at);
}

/** A day that is farther away is told by its date alone. */
const FAR = 60;

/** `in 3 days · Dec 24`, of a day as it is stored. */
export function dayAndWay(day: string): string {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const away = (Date.parse(day.slice(0, 10)) - today) / 86_400_000;
  return Math.abs(away) <= FAR ? `${daysAway(away)} · ${shortDay(day)}` : shortDay(day);
}

/** `3.4 days`, or hours where it is less than two. */
export function inDays(days: number | undefined): string {
  if (days === undefined) return "–";
  const minutes = Math.round(days * 24 * 60);
  if (minutes < 120) return inUnits(minutes, "minute", "long");
  return days < 2 ? inUnits(Math.round(days * 24), "hour", "long") : inUnits(days, "day", "long");
}
