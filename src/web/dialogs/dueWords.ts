/** A day that something can be due, as it is said and as it is written. */
export interface Day {
  readonly text: string;
  /** `2026-12-03`. */
  readonly date: string;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const LENGTHS: Readonly<Record<string, number>> = { d: 1, day: 1, w: 7, week: 7 };

/** The days that words such as `fri`, `2w`, `in 3 days` or a date mean; the usual ones for none. */
export function daysOf(words: string, now: Date): Day[] {
  const text = words.toLowerCase();
  const usual = usualDays(now);
  if (text === "") return usual.slice(0, 6);
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? dateOf(text) : undefined;
  if (date !== undefined) return [{ text: DAYS[date.getDay()] ?? "", date: text }];
  const [, count = "", unit = ""] = /^(?:in )?(\d{1,3}) ?(d|w|day|week)s?$/.exec(text) ?? [];
  const length = LENGTHS[unit];
  if (length !== undefined)
    return [{ text: `In ${count} ${length === 1 ? "days" : "weeks"}`, date: after(now, Number(count) * length) }];
  return usual.filter(
    (day) =>
      day.text
        .toLowerCase()
        .split(" ")
        .some((word) => word.startsWith(text)) || day.text.toLowerCase().startsWith(text),
  );
}

function usualDays(now: Date): Day[] {
  const next = (day: number): number => ((day - now.getDay() + 6) % 7) + 1;
  return [
    { text: "Today", date: after(now, 0) },
    { text: "Tomorrow", date: after(now, 1) },
    { text: "Friday", date: after(now, next(5)) },
    { text: "Next Monday", date: after(now, next(1)) },
    { text: "In two weeks", date: after(now, 14) },
    { text: "In four weeks", date: after(now, 28) },
    ...[2, 3, 4, 6, 0].map((day) => ({ text: DAYS[day] ?? "", date: after(now, next(day)) })),
  ];
}

/** So many days on, where the browser is. */
function after(now: Date, days: number): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** A day that there is: not the 31st of February. */
function dateOf(text: string): Date | undefined {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : undefined;
}
