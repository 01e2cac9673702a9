import { describe, expect, test } from "vitest";
import { type Board, DEFAULT_BOARD } from "../../../src/ticket/rules/board.ts";
import { categoryOf, columnFor, columnOf } from "../../../src/ticket/rules/columns.ts";
import {
  childrenIndex,
  dependencyStates,
  dependentsIndex,
  type Readiness,
  readinessOf,
} from "../../../src/ticket/rules/readiness.ts";
import { compareReady } from "../../../src/ticket/rules/readyOrder.ts";
import type { Fields, Ticket } from "../../../src/ticket/ticket.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const PAST = "2026-11-21T11:59:00Z";
const FUTURE = "2026-11-21T12:01:00Z";

const PHASES: Board = {
  columns: [
    { id: "backlog", name: "Backlog", category: "todo" },
    { id: "building", name: "Being built", category: "active" },
    { id: "building-done", name: "Built", category: "active" },
    { id: "shipped", name: "Shipped", category: "done" },
  ],
  initial: "backlog",
  types: ["task"],
};

function ticket(id: string, status: string, fields: Fields = {}): Ticket {
  return {
    id,
    path: `${id}.md`,
    version: "",
    title: `Title ${id}`,
    status,
    fields,
    extra: {},
    criteria: { done: 0, total: 0 },
  };
}

const known = new Map(
  [
    ticket("done", "closed"),
    ticket("alias", "done"),
    ticket("open", "open"),
    ticket("odd", "deferred"),
    ticket("gone", "cancelled"),
    ticket("broken", "failed"),
  ].map((one) => [one.id, one] as const),
);
const others = { get: (id: string) => known.get(id), partsOf: () => [] };

function readiness(
  status: string,
  fields: Fields = {},
  children: readonly string[] = [],
  board = DEFAULT_BOARD,
): Readiness {
  return readinessOf(ticket("x", status, fields), board, others, children, NOW);
}

describe("columns", () => {
  test.each([
    ["open", "open"],
    ["In Progress", "in_progress"],
    ["in-progress", "in_progress"],
    ["INREVIEW", "in_review"],
    ["done", "closed"],
    ["Done", "closed"],
    ["deferred", undefined],
    ["", undefined],
    [" - ", undefined],
  ])("%j on the default board is %s", (name, id) => {
    expect(columnFor(DEFAULT_BOARD, name)?.id).toBe(id);
  });

  test.each([
    ["building-done", "active"],
    ["being built", "active"],
    ["shipped", "done"],
    ["cancelled", "cancelled"],
    ["open", undefined],
    ["closed", undefined],
    ["done", undefined],
  ])("%j on a board of phases is %s", (name, category) => {
    expect(categoryOf(PHASES, name)).toBe(category);
  });

  test("the column of a category is the board's first, else the default board's", () => {
    expect(columnOf(PHASES, "active").id).toBe("building");
    expect(columnOf(PHASES, "review").id).toBe("in_review");
  });
});

test("dependencyStates names each dependency once, with how far it is", () => {
  const deps = ["done", "alias", "open", "odd", "gone", "broken", "lost", "open"];
  expect(dependencyStates(ticket("x", "open", { deps }), DEFAULT_BOARD, others)).toEqual([
    { id: "done", title: "Title done", status: "closed", state: "done" },
    { id: "alias", title: "Title alias", status: "done", state: "done" },
    { id: "open", title: "Title open", status: "open", state: "open" },
    { id: "odd", title: "Title odd", status: "deferred", state: "open" },
    { id: "gone", title: "Title gone", status: "cancelled", state: "cancelled" },
    { id: "broken", title: "Title broken", status: "failed", state: "failed" },
    { id: "lost", state: "missing" },
  ]);
});

describe("readinessOf", () => {
  test.each<[string, string, Fields, readonly string[]]>([
    ["todo", "open", {}, []],
    ["todo, everything done", "open", { deps: ["done", "alias"] }, []],
    ["todo, lease over", "open", { claimedBy: "@a", lease: PAST }, []],
    ["todo, claimed without a lease", "open", { claimedBy: "@a" }, []],
    ["active, lease over", "in_progress", { claimedBy: "@a", lease: PAST }, []],
    ["todo, claimed", "open", { claimedBy: "@a", lease: FUTURE }, [`claimed by @a until ${FUTURE}`]],
    ["active, claimed", "in_progress", { claimedBy: "@a", lease: FUTURE }, [`claimed by @a until ${FUTURE}`]],
    [
      "active, a lease nobody can read",
      "in_progress",
      { claimedBy: "@a", lease: "soon" },
      ["claimed by @a until soon"],
    ],
    ["active, a person's", "in_progress", { claimedBy: "jane" }, ["is in progress by jane"]],
    ["active", "in_progress", {}, ["is in progress"]],
    ["blocked", "blocked", { blockedReason: "no key" }, ["is blocked: no key"]],
    ["review", "in_review", {}, ["is in review: waits for reviewer"]],
    ["review, named", "in_review", { reviewer: ["security", "@rex"] }, ["is in review: waits for security or @rex"]],
    [
      "review, held",
      "in_review",
      { authors: ["@a"], claimedBy: "@rex", lease: FUTURE },
      [`is in review by @rex until ${FUTURE}`],
    ],
    [
      "review, by hand past a gate",
      "in_review",
      { authors: ["@a"], claimedBy: "@a", unconfirmed: ["status"] },
      ["is in review: was changed by hand (status) and waits for a person's 'ticket confirm'"],
    ],
    ["review, a person's", "in_review", { authors: ["@a"], claimedBy: "jane" }, ["is in review by jane"]],
    [
      "review, given up",
      "in_review",
      { authors: ["@a"], claimedBy: "@rex", lease: PAST },
      ["is in review: waits for reviewer"],
    ],
    ["review, the author's mark", "in_review", { claimedBy: "@a" }, ["is in review: waits for reviewer"]],
    ["active, an agent's to go on", "in_progress", { assignee: ["@a"] }, []],
    ["active, a person's to do", "in_progress", { assignee: ["jane"] }, ["is in progress"]],
    ["done", "closed", {}, ["is closed"]],
    ["unknown", "deferred", {}, ["status 'deferred' is not a column of this board"]],
    ["none", "", {}, ["has no status"]],
    ["open dependency", "open", { deps: ["open", "done"] }, ["waits for open (open): Title open"]],
    ["lost dependency", "open", { deps: ["lost"] }, ["waits for lost, which is missing"]],
    ["cancelled dependency", "open", { deps: ["gone"] }, ["waits for gone, which was cancelled"]],
    ["failed dependency", "open", { deps: ["broken"] }, ["waits for broken, which failed"]],
  ])("%s", (_, status, fields, reasons) => {
    const answer = readiness(status, fields);
    expect(answer.reasons).toEqual(reasons);
    expect(answer.ready).toBe(reasons.length === 0);
  });

  test("open children keep a ticket from being ready", () => {
    expect(readiness("open", {}, ["a", "b"])).toMatchObject({
      ready: false,
      blocked: false,
      reasons: ["has 2 open children: a, b"],
    });
    expect(readiness("open", {}, ["a"]).reasons).toEqual(["has 1 open child: a"]);
  });

  test.each([
    ["open", ["lost"], true],
    ["in_progress", ["gone"], true],
    ["in_review", ["open"], true],
    ["blocked", [], true],
    ["closed", ["open"], false],
    ["cancelled", ["open"], false],
    ["deferred", ["open"], false],
    ["open", ["done"], false],
  ])("%s with the dependencies %j: blocked is %s", (status, deps, blocked) => {
    expect(readiness(status, { deps })).toMatchObject({ blocked, blockedBy: deps.filter((dep) => dep !== "done") });
  });

  test("asks for categories, never for names", () => {
    expect(readiness("backlog", {}, [], PHASES).ready).toBe(true);
    expect(readiness("open", {}, [], PHASES).ready).toBe(false);
  });
});

test("indexes by parent and by dependency", () => {
  const tickets = [ticket("a", "open", { parent: "p" }), ticket("b", "open", { parent: "p", deps: ["a", "a"] })];
  expect(
    childrenIndex(tickets)
      .get("p")
      ?.map(({ id }) => id),
  ).toEqual(["a", "b"]);
  expect(
    dependentsIndex(tickets)
      .get("a")
      ?.map(({ id }) => id),
  ).toEqual(["b"]);
});

test("ready tickets are ordered by priority, time and id", () => {
  const sorted = [
    ticket("f", "open", { priority: 3 }),
    ticket("e", "open", {}),
    ticket("d", "open", { created: "2026-01-03T00:00:00Z" }),
    ticket("c", "open", { created: "2026-01-02T03:00:00+02:00", priority: 2 }),
    ticket("b", "open", { created: "2026-01-02T00:00:00Z" }),
    ticket("a", "open", { created: "2026-01-02T00:00:00Z" }),
    ticket("z", "open", { priority: 0 }),
  ].sort(compareReady);
  expect(sorted.map(({ id }) => id).join("")).toBe("zabcdef");
});
