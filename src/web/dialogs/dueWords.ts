import { weekday } from "../words/forms.ts";
import { say } from "../words/say.ts";

/** A day that something can be due, as it is said and as it is written. */
export interface Day {
  readonly text: string;
  /** `2026-12-03`. */
  readonly date: string;
}

/** The days that words such as `fri`, `2w`, `in 3 days` or a date mean; the usual ones for none. */
export function daysOf(words: string, now: Date): Day[] {
  const text = words.toLowerCase();
  const usual = usualDays(now);
  if (text === "") return usual.slice(0, 6);
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? dateOf(text) : undefined;
  if (date !== undefined) return [{ text: weekday(date), date: text }];
  const length = lengthOf(text);
  if (length !== undefined) return [{ text: length.text, date: iso(after(now, length.days)) }];
  return usual.filter((day) => {
    const known = day.text.toLowerCase();
    return known.startsWith(text) || known.split(" ").some((word) => word.startsWith(text));
  });
}

/** `2w`, or `in 3 days`. */
function lengthOf(text: string): { readonly text: string; readonly days: number } | undefined {
  const { inWord, day, week, inDays, inWeeks } = say.days;
  const typed = text.startsWith(`${inWord} `) ? text.slice(inWord.length + 1) : text;
  const [, digits = "", unit = ""] = /^(\d{1,3}) ?(\p{L}+)$/u.exec(typed) ?? [];
  const count = Number(digits);
  if (day.includes(unit)) return { text: inDays(count), days: count };
  return week.includes(unit) ? { text: inWeeks(count), days: 7 * count } : undefined;
}

function usualDays(now: Date): Day[] {
  const next = (day: number): Date => after(now, ((day - now.getDay() + 6) % 7) + 1);
  const named = (text: string, day: Date): Day => ({ text, date: iso(day) });
  return [
    named(say.days.today, now),
    named(say.days.tomorrow, after(now, 1)),
    named(weekday(next(5)), next(5)),
    named(say.days.next(weekday(next(1))), next(1)),
    named(say.days.inTwoWeeks, after(now, 14)),
    named(say.days.inFourWeeks, after(now, 28)),
    ...[2, 3, 4, 6, 0].map((day) => named(weekday(next(day)), next(day))),
  ];
}

/** So many days on, where the browser is. */
function after(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}

function iso(day: Date): string {
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** A day that there is: not the 31st of February. */
function dateOf(text: string): Date | undefined {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined;
}
