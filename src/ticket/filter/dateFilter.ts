import { periodOf, spanOf } from "../moments.ts";
import type { Operator } from "./condition.ts";

/** Whether a moment, in milliseconds since 1970, passes. */
export type DateTest = (time: number) => boolean;

/**
 * The test that a date filter's value means, or undefined for none: a day (`today`, `friday`), a month, a year, a time, a range
 * `a..b`, or a span: `created:<7d` is younger than seven days, `due:<7d` is due in less. `=` with a span means `<`.
 */
export function dateTest(value: string, operator: Operator, now: number, ahead: boolean): DateTest | undefined {
  const span = spanOf(value, !ahead);
  if (span !== undefined) return spanTest(span, operator, now, ahead);
  if (value.includes("..")) return rangeTest(value, now, ahead);
  const period = periodOf(value, now, !ahead);
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

function rangeTest(value: string, now: number, ahead: boolean): DateTest | undefined {
  const [from = "", to = "", ...more] = value.split("..");
  const first = from === "" || from === "*" ? [Number.NEGATIVE_INFINITY] : periodOf(from, now, !ahead);
  const last = to === "" || to === "*" ? [0, Number.POSITIVE_INFINITY] : periodOf(to, now, !ahead);
  if (first === undefined || last === undefined || more.length > 0) return undefined;
  return (time) => time >= (first[0] as number) && time < (last[1] as number);
}
