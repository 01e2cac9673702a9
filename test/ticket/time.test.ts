import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, formatTime, parseDuration, parseTime } from "../../src/ticket/time.ts";

test.each([
  ["45s", 45_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["30d", 2_592_000_000],
  [" 1W ", 604_800_000],
  ["0s", 0],
  ["", undefined],
  ["10", undefined],
  ["-1d", undefined],
  ["1.5h", undefined],
  ["1y", undefined],
])("the duration %j is %s", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  [7_500_000, "2h 5m"],
  [0, "0s"],
  [400, "0s"],
  [3_600_000, "1h"],
  [90_061_000, "1d 1h"],
  [86_460_000, "1d"],
  [-65_000, "-1m 5s"],
  [59_999, "1m"],
])("%d ms are %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

describe("parseTime", () => {
  test.each([
    ["2026-11-21", Date.UTC(2026, 10, 21)],
    ["2026-11-21T03:38:00Z", Date.UTC(2026, 10, 21, 3, 38)],
    ["2026-11-21T03:38", Date.UTC(2026, 10, 21, 3, 38)],
    ["2026-11-21 03:38:01.5", Date.UTC(2026, 10, 21, 3, 38, 1, 500)],
    ["2026-11-21T05:38:00+02:00", Date.UTC(2026, 10, 21, 3, 38)],
    ["2026-11-21T01:38:00-0200", Date.UTC(2026, 10, 21, 3, 38)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["0001-01-01", -62_135_596_800_000],
  ])("%s", (text, time) => {
    expect(parseTime(text)).toBe(time);
  });
  test.each([
    "",
    "soon",
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "2026-11-21T25:00",
    "2026-11-21T24:01",
    "2026-11-21T00:60",
    "1e3",
    "2026-1-1",
    "12:30",
  ])("%j is no time", (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
  test("undoes formatTime to the second", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
        expect(parseTime(formatTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
    expect(formatTime(Date.UTC(2026, 10, 21, 3, 38, 0, 999))).toBe("2026-11-21T03:38:00Z");
  });
});
