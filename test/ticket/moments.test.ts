import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dateToCome, dueEnd, momentOf, pastMoment, periodOf, shownTime, spanOf } from "../../src/ticket/moments.ts";
import { formatTime } from "../../src/ticket/time.ts";

// A Saturday, 22:30 in UTC: Sunday in Auckland, still Saturday noon in Los Angeles.
const NOW = Date.UTC(2026, 10, 28, 22, 30);
const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : formatTime(time));

describe.each([
  ["UTC", "2026-11-28", "2026-11-28T00:00:00Z", "2026-11-28 22:30"],
  ["Pacific/Auckland", "2026-11-29", "2026-11-28T11:00:00Z", "2026-11-29 11:30"],
  ["America/Los_Angeles", "2026-11-28", "2026-11-28T08:00:00Z", "2026-11-28 14:30"],
])("in %s", (zone, today, midnight, shown) => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.TZ;
    process.env.TZ = zone;
  });
  afterEach(() => {
    process.env.TZ = before;
  });

  test("today is the day of the reader", () => {
    expect(dateToCome("today", NOW)).toBe(today);
    expect(periodOf("today", NOW, true)?.map(iso)).toEqual([midnight, iso(Date.parse(midnight) + 86_400_000)]);
    expect(iso(pastMoment("today", NOW))).toBe(midnight);
    expect(iso(dueEnd(today))).toBe(iso(Date.parse(midnight) + 86_400_000));
    expect(iso(momentOf(today))).toBe(midnight);
    expect(shownTime("2026-11-28T22:30:00Z")).toBe(shown);
  });

  test("a time without a zone is the reader's, and is written down in UTC", () => {
    const written = dateToCome(`${today}T00:00`, NOW);
    expect(written).toBe(midnight);
    expect(iso(pastMoment(`${today} 00:00`, NOW))).toBe(midnight);
    expect(iso(pastMoment("2026-11-28T10:00:00Z", NOW))).toBe("2026-11-28T10:00:00Z");
  });
});

test.each([
  ["tomorrow", "2026-11-29"],
  ["yesterday", "2026-11-27"],
  ["saturday", "2026-11-28"],
  ["Friday", "2026-12-04"],
  ["sun", "2026-11-29"],
  ["in 3 days", "2026-12-01"],
  ["3 days", "2026-12-01"],
  ["in a week", "2026-12-05"],
  ["in 2 hours", "2026-11-29T00:30:00Z"],
  ["3d", "2026-12-01T22:30:00Z"],
  ["2026-12-24", "2026-12-24"],
  ["2026-12-24T10:00:00.5+01:00", "2026-12-24T10:00:00.5+01:00"],
  ["2026-02-29", undefined],
  ["soon", undefined],
  ["in", undefined],
  ["", undefined],
  ["3 years ago", undefined],
])("what lies ahead: %j is %s", (text, expected) => {
  expect(dateToCome(text, NOW)).toBe(expected);
});

test.each([
  ["yesterday", "2026-11-27T00:00:00Z"],
  ["friday", "2026-11-27T00:00:00Z"],
  ["saturday", "2026-11-28T00:00:00Z"],
  ["3 days ago", "2026-11-25T22:30:00Z"],
  ["2 hours ago", "2026-11-28T20:30:00Z"],
  ["an hour ago", "2026-11-28T21:30:00Z"],
  ["8h", "2026-11-28T14:30:00Z"],
  ["2026-11", "2026-11-01T00:00:00Z"],
  ["2026", "2026-01-01T00:00:00Z"],
  ["2026-13", undefined],
  ["nonsense", undefined],
  ["ago", undefined],
])("what is past: %j is %s", (text, expected) => {
  expect(iso(pastMoment(text, NOW))).toBe(expected);
});

test("a day of 23 hours is as long as the clock says", () => {
  process.env.TZ = "Europe/Berlin";
  try {
    const [start = 0, end = 0] = periodOf("2026-03-29", NOW, true) ?? [];
    expect((end - start) / 3_600_000).toBe(23);
  } finally {
    process.env.TZ = "UTC";
  }
});

test("'in' is of what lies ahead and 'ago' of what is past", () => {
  expect(spanOf("in 3 days", true)).toBeUndefined();
  expect(spanOf("3 days ago", false)).toBeUndefined();
  expect(spanOf("3 parsecs", true)).toBeUndefined();
});
