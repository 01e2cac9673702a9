import { expect, test } from "vitest";
import { DAY, type Dated } from "../../../src/ticket/stats/dated.ts";
import { forecastOf } from "../../../src/ticket/stats/forecast.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

function ticket(n: number, more: Partial<Dated>): Dated {
  const none = {
    title: "",
    type: undefined,
    status: "open",
    category: "todo",
    assignees: [],
    project: undefined,
    deps: [],
  } as const;
  return { id: `t-${n}`, ...none, created: NOW - 100 * DAY, started: undefined, closed: undefined, ...more };
}

/** So many done in each week, the last week last. */
function done(...weeks: readonly number[]): Dated[] {
  return weeks.flatMap((count, at) =>
    Array.from({ length: count }, (_, n) =>
      ticket(1000 * at + n, {
        category: "done",
        closed: NOW - (weeks.length - at) * 7 * DAY + ((n % 7) * DAY + 1),
      }),
    ),
  );
}

const open = (count: number): Dated[] => Array.from({ length: count }, (_, n) => ticket(100_000 + n, {}));

test("a steady team is done when arithmetic says, however sure one wants to be", () => {
  const { by, weeks } = forecastOf([...open(30), ...done(...new Array<number>(12).fill(10))], NOW);
  expect(weeks).toEqual(new Array(12).fill(10));
  expect(by).toEqual([50, 85, 95].map((percent) => ({ percent, days: 21, date: "2026-12-21" })));
});

test("the more the weeks differ the farther apart are likely and sure, and nothing is drawn twice", () => {
  const tickets = [...open(30), ...done(0, 20, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20)];
  const answer = forecastOf(tickets, NOW);
  const [half = 0, most = 0, sure = 0] = answer.by.map(({ days }) => days ?? Number.NaN);
  // Of weeks that get 20 or nothing done, two good ones are needed: 2 weeks at best, the fourth week or later for most.
  expect(half).toBeGreaterThanOrEqual(14);
  expect(half).toBeLessThan(most);
  expect(most).toBeLessThan(sure);
  expect(forecastOf(tickets.toReversed(), NOW)).toEqual(answer);
});

test("half of the futures are over by the first day, and 95 of 100 by the last, as counted exactly", () => {
  // One ticket, done in a week or not by the toss of a coin: over in week n with 1/2^n.
  const { by } = forecastOf([...open(1), ...done(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0)], NOW);
  const weeks = by.map(({ days }) => Math.ceil((days ?? 0) / 7));
  expect(weeks[0]).toBeLessThanOrEqual(2);
  expect(weeks[1]).toBe(3);
  expect(weeks[2]).toBe(5);
});

test.each([
  ["nothing_open", done(2, 2, 2, 2)],
  ["short_history", [...open(3), ...done(5, 5)].map((one) => ({ ...one, created: NOW - 20 * DAY }))],
  ["little_done", [...open(3), ...done(1, 0, 1, 0, 1, 0)]],
] as const)("with %s there is none, and it says so", (why, tickets) => {
  expect(forecastOf(tickets, NOW)).toMatchObject({ why, by: [] });
});

test("what takes more than ten years has no date", () => {
  const { by } = forecastOf([...open(20_000), ...done(...new Array<number>(12).fill(1))], NOW);
  expect(by.map(({ date }) => date)).toEqual([null, null, null]);
});
