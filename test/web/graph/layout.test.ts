import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Layout, layoutGraph } from "../../../src/web/graph/layout.ts";

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

  test("a wide layer takes several rows", () => {
    const { width, height } = layout(400, []);
    expect(width).toBeLessThan(40);
    expect(height).toBeGreaterThan(10);
  });
});
