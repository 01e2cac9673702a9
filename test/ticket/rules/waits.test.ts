import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeDeadlock, findDeadlock, findDeadlocks, waitsOf } from "../../../src/ticket/rules/waits.ts";
import type { Ticket } from "../../../src/ticket/ticket.ts";

interface Node {
  readonly deps?: readonly string[];
  readonly parent?: string;
  readonly closed?: true;
}
type Nodes = Readonly<Record<string, Node>>;

const isFinished = ({ status }: Ticket) => status === "closed";

function ticketsOf(nodes: Nodes): Ticket[] {
  return Object.entries(nodes).map(([id, { deps = [], parent, closed }]) => ({
    id,
    path: `${id}.md`,
    version: "",
    title: id,
    status: closed ? "closed" : "open",
    fields: { deps, ...(parent === undefined ? {} : { parent }) },
    extra: {},
    criteria: { done: 0, total: 0 },
  }));
}

const deadlocksOf = (nodes: Nodes) => findDeadlocks(ticketsOf(nodes), isFinished);

describe("findDeadlocks", () => {
  test.each<[what: string, nodes: Nodes, cycles: string[][]]>([
    ["a child that waits for its parent", { p: {}, c: { parent: "p", deps: ["p"] } }, [["c", "p", "c"]]],
    [
      "a grandchild that waits for its grandparent",
      { g: {}, p: { parent: "g" }, c: { parent: "p", deps: ["g"] } },
      [["c", "g", "p", "c"]],
    ],
    [
      "a child that waits for something that waits for its parent",
      { p: {}, c: { parent: "p", deps: ["x"] }, x: { deps: ["p"] } },
      [["c", "x", "p", "c"]],
    ],
    [
      "two parents whose children wait for the other parent",
      { p: {}, q: {}, a: { parent: "p", deps: ["q"] }, b: { parent: "q", deps: ["p"] } },
      [["a", "q", "b", "p", "a"]],
    ],
    ["a parent that waits for its child", { p: { deps: ["c"] }, c: { parent: "p" } }, []],
    ["children that wait for each other in a row", { p: {}, a: { parent: "p" }, b: { parent: "p", deps: ["a"] } }, []],
    ["a child that waits for its closed parent", { p: { closed: true }, c: { parent: "p", deps: ["p"] } }, []],
    ["a closed child that waited for its parent", { p: {}, c: { parent: "p", deps: ["p"], closed: true } }, []],
    ["a circle of dependencies alone, which is named as that", { a: { deps: ["b"] }, b: { deps: ["a"] } }, []],
    ["a circle of parts alone, which is named as that", { a: { parent: "b" }, b: { parent: "a" } }, []],
    ["tickets that are not there", { c: { parent: "p", deps: ["p", "x"] } }, []],
  ])("%s", (_, nodes, cycles) => {
    expect(deadlocksOf(nodes)).toEqual(cycles);
  });

  test("a long chain of parts and dependencies is walked without recursion", () => {
    const nodes: Record<string, Node> = { n0: {} };
    for (let n = 1; n < 50_000; n++) nodes[`n${n}`] = { parent: `n${n - 1}` };
    expect(deadlocksOf(nodes)).toEqual([]);
    nodes.n49999 = { parent: "n49998", deps: ["n0"] };
    expect(deadlocksOf(nodes)[0]).toHaveLength(50_001);
  });

  test("named is exactly what can never be finished one after the other", () => {
    const id = fc.constantFrom("a", "b", "c", "d", "e");
    const node = fc.record({ deps: fc.array(id, { maxLength: 2 }), parent: fc.option(id, { nil: undefined }) });
    fc.assert(
      fc.property(fc.dictionary(id, node), (nodes) => {
        const clean = nodes as unknown as Nodes;
        const left = stuckIn(clean);
        const found = deadlocksOf(clean);
        for (const cycle of found) expect(cycle.every((one) => left.has(one))).toBe(true);
        const own = (next: (one: string) => readonly (string | undefined)[]) =>
          Object.keys(clean).some((one) => reach(next, one).has(one));
        const isPure = own((one) => clean[one]?.deps ?? []) || own((one) => [clean[one]?.parent]);
        if (!isPure) expect(found.length > 0).toBe(left.size > 0);
      }),
    );
  });
});

/** Finishes whatever can be finished, until nothing can; the ids that are left. */
function stuckIn(nodes: Nodes): Set<string> {
  const left = new Set(Object.keys(nodes));
  const isFree = (id: string): boolean =>
    !nodes[id]?.deps?.some((dep) => left.has(dep)) && ![...left].some((part) => nodes[part]?.parent === id);
  for (let free = [...left].filter(isFree); free.length > 0; free = [...left].filter(isFree)) {
    for (const id of free) left.delete(id);
  }
  return left;
}

function reach(next: (id: string) => readonly (string | undefined)[], from: string): Set<string> {
  const reached = new Set<string>();
  const add = (id: string) => {
    for (const one of next(id)) if (one !== undefined) reached.add(one);
  };
  add(from);
  for (const one of reached) add(one);
  return reached;
}

test("a deadlock is found from the two that a change ties together, and said in words", () => {
  const waits = waitsOf(ticketsOf({ g: {}, p: { parent: "g" }, c: { parent: "p", deps: ["g"] } }), isFinished);
  const cycle = findDeadlock(waits, "c", "g");
  expect(cycle).toEqual(["c", "g", "p", "c"]);
  expect(describeDeadlock(waits, cycle ?? [])).toBe("c waits for g, g for its part p, and p for its part c");
  expect(findDeadlock(waits, "g", "p")).toEqual(["g", "p", "c", "g"]);
  expect(findDeadlock(waits, "x", "y")).toBeUndefined();
});
