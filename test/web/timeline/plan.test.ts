import fc from "fast-check";
import { expect, test } from "vitest";
import type { Card } from "../../../src/web/data/shapes.ts";
import { tiesOf } from "../../../src/web/timeline/lines.ts";
import { type Bar, DAY, groupAbove, planOf } from "../../../src/web/timeline/plan.ts";
import { isCovered, ticksOf } from "../../../src/web/timeline/scale.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");

function card(id: string, more: Partial<Card>): Card {
  const none = {
    type: null,
    assignee: null,
    tags: [],
    links: [],
    commits: [],
    parent: null,
    project: null,
    claim: null,
  } as const;
  const times = { created: "2026-11-20T10:00:00Z", started: null, closed: null, due: null } as const;
  return {
    ...{
      id,
      title: id,
      status: "open",
      category: "todo",
      priority: 2,
      deps: [],
      ready: true,
      blockedBy: [],
      shortVersion: "",
    },
    ...{ criteria: { done: 0, total: 0 }, ...none, ...times },
    ...more,
  } as Card;
}

function plan(...cards: readonly Card[]) {
  const all = new Map(cards.map((one) => [one.id, one]));
  const planned = planOf(cards, all, { now: NOW, groupOf: ({ project }) => project ?? "" });
  const bars = new Map<string, Bar>();
  for (const row of planned.rows) if (row.kind === "ticket") bars.set(row.bar.card.id, row.bar);
  return { ...planned, bar: (id: string) => bars.get(id) as Bar };
}

const time = (text: string): number => Date.parse(text);

test("what has a day goes from its start, or its creation, to the end of that day; what is closed to when it was", () => {
  const { bar, late } = plan(
    card("due", { due: "2026-12-24T00:00:00Z", started: "2026-11-25T10:00:00Z" }),
    card("late", { due: "2026-11-28T00:00:00Z" }),
    card("closed", {
      category: "done",
      started: "2026-11-21T10:00:00Z",
      closed: "2026-11-22T10:00:00Z",
      due: "2026-11-01",
    }),
  );
  expect(bar("due")).toMatchObject({
    kind: "due",
    from: time("2026-11-25T10:00:00Z"),
    to: time("2026-12-24T00:00:00Z"),
  });
  expect(bar("late")).toMatchObject({ kind: "due", isLate: true, from: time("2026-11-20T10:00:00Z") });
  expect(bar("closed")).toMatchObject({ kind: "closed", isLate: false, to: time("2026-11-22T10:00:00Z") });
  expect(late).toBe(1);
});

test("what has no day comes after all that it waits for and is open, never before now, and goes on past now once it was begun", () => {
  const { bar } = plan(
    card("a", { due: "2026-12-10T00:00:00Z" }),
    card("b", { deps: ["a", "over"] }),
    card("c", { deps: ["b"] }),
    card("late", { due: "2026-11-01T00:00:00Z" }),
    card("after late", { deps: ["late"] }),
    card("over", { category: "done", closed: "2027-06-01T00:00:00Z" }),
    card("free", {}),
    card("begun", { started: "2026-11-01T10:00:00Z" }),
  );
  expect(bar("b")).toMatchObject({ kind: "loose", from: time("2026-12-10T00:00:00Z") });
  expect(bar("c").from).toBe(bar("b").to);
  expect(bar("after late").from).toBe(NOW);
  expect(bar("free").from).toBe(NOW);
  expect(bar("begun").from).toBe(time("2026-11-01T10:00:00Z"));
  expect(bar("begun").to).toBeGreaterThan(NOW);
});

test("it ends for any dependencies, circles and long chains too, and each ticket has one row", () => {
  const ids = Array.from({ length: 12 }, (_, n) => `t-${n}`);
  const anyCard = (id: string) =>
    fc
      .record({
        deps: fc.subarray(ids, { maxLength: 3 }),
        due: fc.constantFrom(null, "2026-12-01", "9999-12-31", "nonsense", "0001-01-01"),
        started: fc.constantFrom(null, "2026-11-01T10:00:00Z", "x"),
        category: fc.constantFrom("todo", "active", "done", null),
        closed: fc.constantFrom(null, "2026-11-02T10:00:00Z"),
      })
      .map((more) => card(id, more as Partial<Card>));
  fc.assert(
    fc.property(fc.tuple(...ids.map(anyCard)), (cards) => {
      const { rows, from, to, rowOf, bar } = plan(...cards);
      expect(rowOf.size).toBe(cards.length);
      expect(rows.length).toBe(cards.length + 1);
      expect(to - from).toBeLessThan(8000 * DAY);
      for (const { id } of cards) expect(bar(id).to).toBeGreaterThanOrEqual(bar(id).from);
    }),
    { numRuns: 60 },
  );
  const chain = Array.from({ length: 3000 }, (_, n) => card(`c-${n}`, { deps: [`c-${n + 1}`] }));
  expect(plan(...chain).rowOf.size).toBe(3000);
});

test("groups are in the order of their names, what has none last, and say how many are late", () => {
  const { rows } = plan(
    card("a", {}),
    card("b", { project: "web", due: "2026-11-01" }),
    card("c", { project: "api" }),
    card("d", { project: "web" }),
  );
  expect(
    rows.map((row) => (row.kind === "heading" ? `${row.name}: ${row.count}, ${row.late}` : row.bar.card.id)),
  ).toEqual([...["api: 1, 0", "c", "web: 2, 1", "b", "d", ": 1, 0", "a"]]);
});

test("lines go from what is drawn to what waits for it, tight where that is to be done before", () => {
  const one = card("one", { due: "2026-12-20T00:00:00Z" });
  const planned = plan(
    one,
    card("two", { deps: ["one"], due: "2026-12-10T00:00:00Z" }),
    card("three", { deps: ["one", "gone"] }),
  );
  const ties = tiesOf(planned, [0, planned.rows.length], { x: (moment) => moment / DAY, rowHeight: 30 });
  expect(ties.map(({ from, to, isTight }) => [from, to, isTight]).sort()).toEqual([
    ["one", "three", false],
    ["one", "two", true],
  ]);
  expect(tiesOf(planned, [0, 1], { x: (moment) => moment, rowHeight: 30 })).toEqual([]);
});

test("the axis has days of a week, Mondays, or months", () => {
  const [from, to] = [time("2026-11-25T00:00:00Z"), time("2027-01-10T00:00:00Z")];
  const days = (zoom: "week" | "month" | "quarter") =>
    ticksOf(from, to, zoom).map(({ at, isLarge }) => `${new Date(at).toISOString().slice(5, 10)}${isLarge ? "!" : ""}`);
  expect(days("week").slice(0, 6)).toEqual(["11-25", "11-26", "11-27", "11-28", "11-29", "11-30!"]);
  expect(days("month")).toEqual(["11-30", "12-07!", "12-14", "12-21", "12-28", "01-04!"]);
  expect(days("quarter")).toEqual(["12-01", "01-01!"]);
});

test("days beside today leave its name the place", () => {
  const left = (zoom: "week" | "month", first: string, last: string): string[] =>
    ticksOf(time(first), time(last), zoom)
      .filter(({ at }) => !isCovered(at, NOW, zoom))
      .map(({ at }) => new Date(at).toISOString().slice(5, 10));
  expect(left("month", "2026-11-20", "2026-12-15")).toEqual(["11-23", "12-07", "12-14"]);
  expect(left("week", "2026-11-27", "2026-12-04")).toEqual(["11-27", "11-28", "11-29", "12-02", "12-03", "12-04"]);
});

test("a row knows its group when the heading of that is scrolled away", () => {
  const { rows } = plan(card("a", { project: "api" }), card("b", { project: "api" }), card("c", {}));
  expect(rows.map((_, row) => groupAbove(rows, row))).toEqual([undefined, "api", "api", undefined, ""]);
  expect([groupAbove(rows, 9), groupAbove([], 0)]).toEqual([undefined, undefined]);
});
