import { describe, expect, test } from "vitest";
import * as flow from "../../../src/web/stats/flow.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

function ticket(id: string, more: Partial<flow.Counted>): flow.Counted {
  const none = {
    category: "todo",
    assignee: null,
    project: null,
    deps: [],
    created: null,
    started: null,
    closed: null,
  } as const;
  return { id, title: id, ...none, ...more };
}

const TICKETS = [
  ticket("a", {
    category: "done",
    assignee: "@x",
    created: "2026-11-16T10:00:00Z",
    started: "2026-11-17T10:00:00Z",
    closed: "2026-11-19T10:00:00Z",
  }),
  ticket("b", {
    category: "active",
    assignee: "@x, @y",
    created: "2026-11-18T10:00:00Z",
    started: "2026-11-20T12:00:00Z",
    deps: ["a"],
  }),
  ticket("c", { created: "2026-11-20T10:00:00Z", deps: ["b", "gone"] }),
  ticket("d", { category: "cancelled", created: "2026-11-10T10:00:00Z", closed: "2026-11-18T10:00:00Z" }),
  ticket("e", { created: "not a time" }),
];

describe("statistics", () => {
  const from = flow.firstDay(TICKETS, 5, NOW);

  test("each day counts what waited, was worked on and was finished at its end", () => {
    expect(new Date(from).toISOString()).toBe("2026-11-17T00:00:00.000Z");
    expect(
      flow.daysOf(TICKETS, from, NOW).map(({ waiting, working, finished }) => [waiting, working, finished]),
    ).toEqual([
      [1, 1, 0],
      [1, 1, 1],
      [1, 0, 2],
      [1, 1, 2],
      [1, 1, 2],
    ]);
  });

  test("what is finished and does not say when is finished on every day, in no week, and nobody's work of this time", () => {
    const old = { created: "2026-11-01T10:00:00Z", category: "done", assignee: "@z" } as const;
    const all = [...TICKETS, ticket("f", old), ticket("g", { ...old, started: "2026-11-02T10:00:00Z" })];
    const days = (of: readonly flow.Counted[]) => flow.daysOf(of, from, NOW);
    expect(days(all).map(({ finished }) => finished)).toEqual(days(TICKETS).map(({ finished }) => finished + 2));
    expect(days(all).map(({ waiting, working }) => [waiting, working])).toEqual(
      days(TICKETS).map(({ waiting, working }) => [waiting, working]),
    );
    expect(flow.workOf(all, from)).toEqual(flow.workOf(TICKETS, from));
    expect(flow.tookOf(all, from)).toEqual(flow.tookOf(TICKETS, from));
    expect(flow.weeksOf(all, from, NOW)).toEqual(flow.weeksOf(TICKETS, from, NOW));
    expect([flow.undatedOf(all), flow.undatedOf(TICKETS)]).toEqual([2, 0]);
    const waits = [...all, ticket("h", { created: "2026-11-20T10:00:00Z", deps: ["f"] })];
    expect(flow.waitsOf(waits, from, NOW).some(({ id }) => id === "h")).toBe(false);
  });

  test("all begins with the first ticket", () => {
    expect(new Date(flow.firstDay(TICKETS, 0, NOW)).toISOString()).toBe("2026-11-10T00:00:00.000Z");
  });

  test("lead and cycle time are those of done tickets", () => {
    expect(flow.tookOf(TICKETS, from)).toEqual([
      { id: "a", title: "a", at: Date.parse("2026-11-19T10:00:00Z"), lead: 3, cycle: 2 },
    ]);
  });

  test("weeks begin on Monday", () => {
    expect(flow.weeksOf(TICKETS, from, NOW)).toEqual([{ at: Date.parse("2026-11-16T00:00:00Z"), created: 3, done: 1 }]);
  });

  test("tickets wait for the last of those they depend on, up to now where it is open", () => {
    const waits = flow.waitsOf(TICKETS, from, NOW);
    expect(waits.map(({ id, days }) => [id, Math.round(days * 100) / 100])).toEqual([
      ["b", 1],
      ["c", 1.08],
    ]);
  });

  test("work is counted for each who had a part in it, and the oldest comes first", () => {
    expect(flow.workOf(TICKETS, from)).toEqual([
      { name: "@x", done: 1, inHand: 1 },
      { name: "@y", done: 0, inHand: 1 },
    ]);
    expect(flow.oldestOf(TICKETS, NOW).map(({ id, days }) => [id, days])).toEqual([["b", 1]]);
  });

  test("quantiles lie between values", () => {
    expect([flow.quantile([], 0.5), flow.quantile([4, 1], 0.5), flow.quantile([1, 2, 3], 1)]).toEqual([
      undefined,
      2.5,
      3,
    ]);
  });
});
