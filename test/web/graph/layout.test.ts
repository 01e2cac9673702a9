import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Layout, layoutGraph } from "../../../src/web/graph/layout.ts";
import { pointsOf } from "../../../src/web/graph/paintEdges.ts";
import { NODE, STEP } from "../../../src/web/graph/sizes.ts";

function layout(count: number, pairs: readonly (readonly [number, number])[], closed: readonly number[] = []): Layout {
  const open = new Uint8Array(count).fill(1);
  for (const node of closed) open[node] = 0;
  return layoutGraph({ count, edges: Int32Array.from(pairs.flat()), open });
}

const graphs = fc
  .integer({ min: 1, max: 60 })
  .chain((count) =>
    fc.tuple(
      fc.constant(count),
      fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 150 }),
      fc.array(fc.nat(count - 1)),
    ),
  );

type Place = { readonly x: number; readonly y: number };

/** Whether a piece of an edge runs behind the node with this corner. */
function isBehind(start: Place, end: Place, corner: Place): boolean {
  const covers = (name: "x" | "y", size: number): boolean =>
    Math.max(start[name], end[name]) > corner[name] + 1e-3 &&
    Math.min(start[name], end[name]) < corner[name] + size - 1e-3;
  return covers("x", NODE.width) && covers("y", NODE.height);
}

describe("the layout of the graph", () => {
  test("what is done first stands above what waits for it", () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const forward = pairs.filter(([from, to]) => from < to);
        const { y } = layout(count, forward);
        for (const [from, to] of forward) expect(y[from]).toBeLessThan(y[to] as number);
      }),
    );
  });

  test("no two tickets stand on each other, and all within the size that it tells, cycles or not", () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const { x, y, width, height } = layout(count, pairs);
        const rows = new Map<number, number[]>();
        for (let node = 0; node < count; node++) {
          expect(x[node]).toBeGreaterThanOrEqual(0);
          expect(x[node]).toBeLessThanOrEqual(width - 1 + 1e-3);
          expect(y[node]).toBeLessThan(height);
          rows.set(y[node] as number, [...(rows.get(y[node] as number) ?? []), x[node] as number]);
        }
        for (const places of rows.values()) {
          places.sort((left, right) => left - right);
          const gaps = places.slice(1).map((place, n) => place - (places[n] as number));
          expect(Math.min(1, ...gaps)).toBeGreaterThan(0.999);
        }
      }),
    );
  });

  test("the longest chain is one, of open tickets, and none is longer", () => {
    fc.assert(
      fc.property(graphs, ([count, pairs, closed]) => {
        const forward = pairs.filter(([from, to]) => from < to);
        const path = [...layout(count, forward, closed).critical];
        const isOpen = (node: number): boolean => !closed.includes(node);
        expect(path.every(isOpen)).toBe(true);
        for (const [n, node] of path.entries()) {
          if (n > 0) expect(forward).toContainEqual([path[n - 1], node]);
        }
        const longest = new Array<number>(count).fill(0);
        for (let node = 0; node < count; node++) {
          if (!isOpen(node)) continue;
          const before = forward
            .filter(([from, to]) => to === node && isOpen(from))
            .map(([from]) => longest[from] as number);
          longest[node] = 1 + Math.max(0, ...before);
        }
        expect(path.length).toBe(Math.max(0, ...longest));
      }),
    );
  });

  test("no edge runs behind a ticket, and each goes from the one to the other", () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const edges = pairs.filter(([from, to]) => from !== to);
        const { x, y, routes } = layout(count, edges);
        const box = (node: number) => ({ x: (x[node] as number) * STEP.x, y: (y[node] as number) * STEP.y });
        for (const [n, [from, to]] of edges.entries()) {
          const points = pointsOf(routes, n, box(from), box(to));
          const [first, last] = [points[0], points.at(-1)];
          expect([first?.x, first?.y]).toEqual([box(from).x + NODE.width / 2, box(from).y + NODE.height]);
          expect(Math.abs((last?.x ?? 0) - box(to).x - NODE.width / 2)).toBeLessThan(NODE.width / 2);
          expect(last?.y).toBe(box(to).y);
          for (const [at, end] of points.slice(1).entries()) {
            const start = points[at] as typeof end;
            expect(start.x === end.x || Math.abs(start.y - end.y) < 1e-3).toBe(true);
            const behind = x.findIndex((_, node) => isBehind(start, end, box(node)));
            expect(behind, `${from} to ${to}: ${JSON.stringify(points)}`).toBe(-1);
          }
        }
      }),
    );
  });

  test("edges of two tickets share no piece of a way, as long as there is room", () => {
    const pairs = [0, 1, 2, 3].flatMap((from) => [4, 5, 6, 7].map((to) => [from, to] as const));
    const { x, y, routes } = layout(8, pairs);
    const box = (node: number) => ({ x: (x[node] as number) * STEP.x, y: (y[node] as number) * STEP.y });
    const heights = new Map<number, Set<number>>();
    for (const [n, [from, to]] of pairs.entries()) {
      for (const { y: height } of pointsOf(routes, n, box(from), box(to)).slice(1, -1)) {
        heights.set(height, (heights.get(height) ?? new Set()).add(from));
      }
    }
    expect([...heights.values()].every((some) => some.size === 1)).toBe(true);
  });

  test("rows of a layer are told as one: within it nothing waits for anything", () => {
    fc.assert(
      fc.property(graphs, ([count, pairs]) => {
        const forward = pairs.filter(([from, to]) => from < to);
        const { y, layers } = layout(count, forward);
        const layerOf = (node: number): number => layers.findLastIndex((first) => first <= (y[node] as number));
        for (const [from, to] of forward) expect(layerOf(from)).toBeLessThan(layerOf(to));
      }),
    );
  });

  test("a wide layer takes several rows", () => {
    const { width, height } = layout(400, []);
    expect(width).toBeLessThan(40);
    expect(height).toBeGreaterThan(10);
  });
});
