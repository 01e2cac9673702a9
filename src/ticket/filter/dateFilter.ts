import { parseDuration, parseTime } from "../time.ts";
import type { Operator } from "./query.ts";

/** Whether a moment, in milliseconds since 1970, passes. */
export type DateTest = (time: number) => boolean;

const DAY = 86_400_000;

/**
 * The test that a date filter's value means, or undefined for none: a day, a month, a year, a time (UTC), a range
 * `a..b`, or a span: `created:<7d` is younger than seven days, `due:<7d` is due in less. `=` with a span means `<`.
 */
export function dateTest(value: string, operator: Operator, now: number, ahead: boolean): DateTest | undefined {
  const span = parseDuration(value);
  if (span !== undefined) return spanTest(span, operator, now, ahead);
  if (value.includes("..")) return rangeTest(value, now);
  const period = periodOf(value, now);
  if (period === undefined) return undefined;
  const [start, end] = period;
  const tests: Record<Operator, DateTest> = {
    "=": (time) => time >= start && time < end,
    "<": (time) => time < start,
    "<=": (time) => time < end,
    ">": (time) => time >= end,
    ">=": (time) => time >= start,
  };
  return tests[operator];
}

function spanTest(span: number, operator: Operator, now: number, ahead: boolean): DateTest {
  const isLess = !operator.startsWith(">");
  if (ahead) return (time) => (isLess ? time <= now + span : time > now + span);
  return (time) => (isLess ? time >= now - span : time < now - span);
}

function rangeTest(value: string, now: number): DateTest | undefined {
  const [from = "", to = "", ...more] = value.split("..");
  const first = from === "" || from === "*" ? [Number.NEGATIVE_INFINITY] : periodOf(from, now);
  const last = to === "" || to === "*" ? [0, Number.POSITIVE_INFINITY] : periodOf(to, now);
  if (first === undefined || last === undefined || more.length > 0) return undefined;
  return (time) => time >= (first[0] as number) && time < (last[1] as number);
}

/** From its first millisecond to the one after its last. */
function periodOf(value: string, now: number): readonly [start: number, end: number] | undefined {
  const today = Math.floor(now / DAY) * DAY;
  if (value === "today") return [today, today + DAY];
  if (value === "yesterday") return [today - DAY, today];
  const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(value) ?? [];
  if (year !== undefined) {
    const number = Number(month ?? 1);
    if (number < 1 || number > 12) return undefined;
    return [Date.UTC(Number(year), number - 1), Date.UTC(Number(year), month === undefined ? 12 : number)];
  }
  const start = parseTime(value);
  if (start === undefined) return undefined;
  return [start, start + (/^\d{4}-\d\d-\d\d$/.test(value) ? DAY : 1000)];
}
