import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dependencyTree, findCycle, findCycles, formatTree } from "../../../src/ticket/rules/graph.ts";
import type { Ticket } from "../../../src/ticket/ticket.ts";

type Graph = Readonly<Record<string, readonly string[]>>;

const depsOf = (graph: Graph) => (id: string) => graph[id] ?? [];

function ticketsOf(graph: Graph): Ticket[] {
  return Object.entries(graph).map(([id, deps]) => ({
    id,
    path: `${id}.md`,
    version: "",
    title: id,
    status: "open",
    fields: { deps },
    extra: {},
    criteria: { done: 0, total: 0 },
  }));
}

/** A chain n0 -> n1 -> … of `length` tickets. */
function chain(length: number): Graph {
  return Object.fromEntries(Array.from({ length }, (_, n) => [`n${n}`, n + 1 < length ? [`n${n + 1}`] : []]));
}

/** `levels` diamonds below each other: 2^levels ways from the top to the bottom. */
function diamonds(levels: number): Graph {
  const graph: Record<string, string[]> = {};
  for (let n = 0; n < levels; n++) {
    graph[`t${n}`] = [`l${n}`, `r${n}`];
    graph[`l${n}`] = [`t${n + 1}`];
    graph[`r${n}`] = [`t${n + 1}`];
  }
  return graph;
}

describe("findCycle", () => {
  const graph = { a: ["b", "x"], b: ["c"], c: [], x: ["c"] };
  test("is the way back, both ends included", () => {
    expect(findCycle(depsOf(graph), "c", "a")).toEqual(["c", "a", "b", "c"]);
    expect(findCycle(depsOf(graph), "b", "a")).toEqual(["b", "a", "b"]);
    expect(findCycle(depsOf(graph), "a", "a")).toEqual(["a", "a"]);
    expect(findCycle(depsOf(graph), "a", "c")).toBeUndefined();
    expect(findCycle(depsOf(graph), "new", "a")).toBeUndefined();
  });

  test("takes chains of 100,000 and diamonds in linear time", () => {
    expect(findCycle(depsOf(chain(100_000)), "n99999", "n0")).toHaveLength(100_001);
    expect(findCycle(depsOf(diamonds(1000)), "new", "t0")).toBeUndefined();
  });

  test("agrees with a search over all ways", () => {
    const id = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.dictionary(id, fc.array(id, { maxLength: 3 })), id, id, (graph, from, to) => {
        const reach = new Set([to]);
        for (const one of reach) for (const next of graph[one] ?? []) reach.add(next);
        const cycle = findCycle(depsOf(graph), from, to);
        expect(cycle !== undefined).toBe(reach.has(from));
        if (cycle === undefined) return;
        expect([cycle[0], cycle[1], cycle.at(-1)]).toEqual([from, to, from]);
        for (let n = 1; n + 1 < cycle.length; n++) expect(graph[cycle[n] ?? ""]).toContain(cycle[n + 1]);
      }),
    );
  });
});

describe("findCycles", () => {
  test("gives one cycle for every knot, from its smallest id", () => {
    const graph = { c: ["b"], b: ["a", "lost"], a: ["c", "d"], d: ["d"], e: ["f"], f: [], y: ["x"], x: ["y"] };
    expect(findCycles(ticketsOf(graph))).toEqual([
      ["a", "c", "b", "a"],
      ["d", "d"],
      ["x", "y", "x"],
    ]);
  });

  test("takes chains of 100,000", () => {
    expect(findCycles(ticketsOf(chain(100_000)))).toEqual([]);
    const ring = { ...chain(100_000), n99999: ["n0"] };
    expect(findCycles(ticketsOf(ring))[0]).toHaveLength(100_001);
  });

  test("every knot is found, and every answer is a cycle", () => {
    const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
    fc.assert(
      fc.property(fc.dictionary(id, fc.array(id, { maxLength: 3 })), (graph) => {
        const cycles = findCycles(ticketsOf(graph));
        for (const cycle of cycles) {
          expect(cycle[0]).toBe(cycle.at(-1));
          for (let n = 0; n + 1 < cycle.length; n++) expect(graph[cycle[n] ?? ""]).toContain(cycle[n + 1]);
        }
        const closes = Object.entries(graph).some(([from, deps]) =>
          deps.some(
            (to) => findCycle((one) => (one in graph ? (graph[one] ?? []) : []), from, to) !== undefined && to in graph,
          ),
        );
        expect(cycles.length > 0).toBe(closes);
      }),
    );
  });
});

describe("formatTree", () => {
  const graph = { a: ["b", "c", "c"], b: ["d"], c: ["d", "a"], d: ["e"], e: [] };
  const label = (id: string) => `${id}!`;

  test("draws as tk does, each id opened once", () => {
    expect(formatTree(["a"], depsOf(graph), label, { full: false })).toEqual([
      "a!",
      "├── b!",
      "│   └── d!",
      "│       └── e!",
      "└── c!",
      "    ├── d! (shown above)",
      "    └── a! (cycle)",
    ]);
  });

  test("full opens them everywhere", () => {
    expect(formatTree(["a", "d"], depsOf(graph), label, { full: true })).toEqual([
      "a!",
      "├── b!",
      "│   └── d!",
      "│       └── e!",
      "└── c!",
      "    ├── d!",
      "    │   └── e!",
      "    └── a! (cycle)",
      "d!",
      "└── e!",
    ]);
  });

  test("is linear on diamonds, says when a full tree is cut, and takes deep chains", () => {
    expect(formatTree(["t0"], depsOf(diamonds(60)), label, { full: false })).toHaveLength(1 + 60 * 4);
    const cut = formatTree(["t0"], depsOf(diamonds(60)), label, { full: true });
    expect(cut.at(-1)).toMatch(/^… cut after \d+ lines$/);
    expect(dependencyTree(["n0"], depsOf(chain(100_000)), { full: false }).truncated).toBe(true);
    expect(dependencyTree(["n0"], depsOf(chain(1000)), { full: false })).toMatchObject({ truncated: false });
  });
});
