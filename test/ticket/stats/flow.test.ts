import { expect, test } from "vitest";
import { DAY, type Dated } from "../../../src/ticket/stats/dated.ts";
import { daysOf, firstDay, undatedOf, weeksOf } from "../../../src/ticket/stats/flow.ts";
import { waitsOf } from "../../../src/ticket/stats/waits.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const at = (text: string): number => Date.parse(`2026-11-${text}:00:00Z`);

function ticket(id: string, more: Partial<Dated>): Dated {
  const none = {
    title: "",
    type: undefined,
    status: "open",
    category: "todo",
    assignees: [],
    project: undefined,
  } as const;
  return { id, ...none, deps: [], created: undefined, started: undefined, closed: undefined, ...more };
}

const TICKETS = [
  ticket("a", { category: "done", created: at("16T10"), started: at("17T10"), closed: at("19T10") }),
  ticket("b", { category: "active", created: at("18T10"), started: at("20T12"), deps: ["a"] }),
  ticket("c", { created: at("20T10"), deps: ["b", "gone"] }),
  ticket("d", { category: "cancelled", created: at("10T10"), closed: at("18T10") }),
  ticket("e", {}),
];

test("each day counts what waited, was worked on and was finished at its end", () => {
  const from = firstDay(TICKETS, 5, NOW);
  expect(new Date(from).toISOString()).toBe("2026-11-17T00:00:00.000Z");
  const days = daysOf(TICKETS, from, NOW).map(({ waiting, working, finished }) => [waiting, working, finished]);
  expect(days).toEqual([
    [1, 1, 0],
    [1, 1, 1],
    [1, 0, 2],
    [1, 1, 2],
    [1, 1, 2],
  ]);
  expect(new Date(firstDay(TICKETS, 0, NOW)).toISOString()).toBe("2026-11-10T00:00:00.000Z");
});

test("what is finished and does not say when is finished on every day, and in no week", () => {
  const from = firstDay(TICKETS, 5, NOW);
  const all = [...TICKETS, ticket("f", { category: "done", created: at("01T10"), started: at("02T10") })];
  const finished = (of: readonly Dated[]) => daysOf(of, from, NOW).map((day) => day.finished);
  expect(finished(all)).toEqual(finished(TICKETS).map((count) => count + 1));
  expect(weeksOf(all, from, NOW)).toEqual(weeksOf(TICKETS, from, NOW));
  expect([undatedOf(all), undatedOf(TICKETS)]).toEqual([1, 0]);
});

test("weeks begin on Monday", () => {
  expect(weeksOf(TICKETS, at("17T00"), NOW)).toEqual([{ at: Date.parse("2026-11-16T00:00:00Z"), created: 3, done: 1 }]);
});

test("tickets wait for the last of those they depend on, up to now where it is open, and for what is outside of the scope, too", () => {
  const waits = waitsOf(TICKETS, TICKETS, at("17T00"), NOW);
  expect(waits.longest.map(({ id, seconds }) => [id, seconds / 3600])).toEqual([
    ["c", 26],
    ["b", 24],
  ]);
  expect(waitsOf(TICKETS.slice(1, 2), TICKETS, at("17T00"), NOW).longest).toEqual([{ id: "b", seconds: DAY / 1000 }]);
});
