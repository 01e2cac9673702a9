import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { invoke } from "../../../src/actions/input/action.ts";
import { stats } from "../../../src/actions/stats/stats.ts";
import { isoWeek, lastWeeks } from "../../../src/actions/stats/times.ts";
import { durationsOf, percentile, secondsBetween } from "../../../src/ticket/stats/durations.ts";
import { tempStore, writeTickets } from "../../helpers/tempStore.ts";

const NOW = Date.parse("2026-01-20T12:00:00Z");

test("counts, times and weeks of a store, its archive included", async () => {
  const store = await tempStore();
  writeTickets(store, {
    "a-1":
      "Quick\nstatus: closed\ntype: bug\nassignee: '@a'\ncreated: 2026-01-12T00:00:00Z\nstarted: 2026-01-12T01:00:00Z\nclosed: 2026-01-12T02:00:00Z",
    "a-2": "Slow\nstatus: closed\ntype: task\ncreated: 2026-01-01T00:00:00Z\nclosed: 2026-01-11T00:00:00Z",
    "a-3": "Open\ntype: task\nassignee: ['@a', '@b']\ncreated: 2026-01-19T00:00:00Z",
    "a-4": "Waits\ntype: task\ndeps: [a-3]\ncreated: 2026-01-20T00:00:00Z",
    "a-5": "Doing\nstatus: in_progress\nassignee: '@b'\ncreated: 2026-01-02T00:00:00Z\nstarted: 2026-01-20T11:00:00Z",
    "a-6": "Given up\nstatus: cancelled",
  });
  mkdirSync(path.join(store.tickets, "archive/2025-01"), { recursive: true });
  writeFileSync(path.join(store.tickets, "archive/2025-01/a-0.md"), "---\nid: a-0\nstatus: closed\n---\n# Old\n");
  const counted = await invoke(stats, store.open({ now: () => NOW }), {});
  expect(counted).toMatchObject({ total: 7, archived: 1, unfinished: 3, ready: 2, blocked: 1, problems: [] });
  expect(counted.categories).toEqual({ todo: 2, active: 1, blocked: 0, review: 0, done: 3, cancelled: 1, failed: 0 });
  expect(counted.columns.filter(({ count }) => count > 0).map(({ id, count }) => `${id} ${count}`)).toEqual([
    "open 2",
    "in_progress 1",
    "closed 3",
    "cancelled 1",
  ]);
  expect(counted.types).toContainEqual({ name: "bug", total: 1, unfinished: 0 });
  expect(counted.assignees).toContainEqual({ name: "@b", total: 2, unfinished: 2 });
  expect(counted.leadTime).toEqual({
    count: 2,
    medianSeconds: 435_600,
    p85Seconds: percentile([7_200, 864_000], 0.85),
  });
  expect(counted.cycleTime).toEqual({ count: 1, medianSeconds: 3_600, p85Seconds: 3_600 });
  expect(counted.weeks.slice(-3)).toEqual([
    { week: "2026-W02", created: 0, done: 1 },
    { week: "2026-W03", created: 1, done: 1 },
    { week: "2026-W04", created: 2, done: 0 },
  ]);
  expect(counted.oldestInProgress).toEqual([
    { id: "a-5", title: "Doing", by: "@b", since: "2026-01-20T11:00:00Z", seconds: 3_600 },
  ]);
});

test("an empty store has no times, and no division by nothing", async () => {
  const counted = await invoke(stats, (await tempStore()).open(), {});
  expect(counted).toMatchObject({ total: 0, leadTime: { count: 0, medianSeconds: null, p85Seconds: null } });
});

test.each([
  ["2026-01-01T00:00:00Z", "2026-W01"],
  ["2025-12-29T00:00:00Z", "2026-W01"],
  ["2025-12-28T23:59:59Z", "2025-W52"],
  ["2021-01-03T12:00:00Z", "2020-W53"],
  ["2024-12-30T00:00:00Z", "2025-W01"],
])("%s lies in week %s", (time, week) => {
  expect(isoWeek(Date.parse(time))).toBe(week);
});

test("weeks in a row, over a year's end", () => {
  expect(lastWeeks(Date.parse("2026-01-05T00:00:00Z"), 3)).toEqual(["2025-W52", "2026-W01", "2026-W02"]);
});

test("spans that are none are left out", () => {
  const day = [0, 86_400_000] as const;
  const spans = [day, [day[1], day[0]], [undefined, day[0]], [Number.NaN, day[0]], [900, 0]] as const;
  const seconds = spans.map(([from, to]) => secondsBetween(from, to));
  expect(seconds).toEqual([86_400, undefined, undefined, undefined, 0]);
  expect(durationsOf(seconds)).toEqual({ count: 2, medianSeconds: 43_200, p85Seconds: 73_440 });
});
