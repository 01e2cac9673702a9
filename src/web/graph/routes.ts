import { NODE, STEP } from "./sizes.ts";

/** Where nodes stand: whole columns and rows. */
export interface Grid {
  readonly edges: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Numbers for each edge: down to the first height, over to an x, down to the second height, over to where it ends. */
export const ROUTE = 4;
/** So far beside a node's middle edges come in that do not come straight from above. */
const PORT = 14;
/** How many edges run beside each other in a gap; more share. */
const LANES = { across: 7, down: 5 };
/** Room at both ends of a gap between rows: nothing touches a node, and an arrow has its head. */
const CLEAR = { top: 8, bottom: 16 };

/**
 * The way of each edge: in the gaps between rows and columns, or down a column that is empty there. So none runs behind
 * a node. Edges of one node share a way, those of others run beside it.
 */
export function routeEdges(grid: Grid): Float32Array {
  const { edges, x, height } = grid;
  const ways = waysOf(grid);
  const across = lanesOf(height + 1, LANES.across);
  const down = lanesOf(grid.width + 1, LANES.down);
  ways.forEach(({ gutter, via, out, into, end }, n) => {
    const from = edges[2 * n] as number;
    const start = middleOf(x[from] as number);
    if (start !== via) across.take(out, from, start, via);
    if (via !== end) across.take(into, from, via, end);
    if (gutter !== undefined) down.take(gutter, from, Math.min(out, into), Math.max(out, into));
  });
  const laneY = across.settled((gap, share) => {
    const top = gap * STEP.y - NODE.gapY + CLEAR.top;
    return top + (NODE.gapY - CLEAR.top - CLEAR.bottom) * share;
  });
  const laneX = down.settled((gutter, share) => gutter * STEP.x - NODE.gapX + NODE.gapX * (0.12 + 0.76 * share));
  const routes = new Float32Array(ROUTE * ways.length);
  ways.forEach(({ gutter, via, out, into, end }, n) => {
    const from = edges[2 * n] as number;
    const over = gutter === undefined ? via : laneX(gutter, from);
    routes.set([laneY(out, from), over, laneY(into, from), end], ROUTE * n);
  });
  return routes;
}

/** Through which gaps an edge goes. */
interface Way {
  /** The gap below where it begins, and above where it ends; a gap has the number of the row below it. */
  readonly out: number;
  readonly into: number;
  /** The gap between columns that it goes down in; none where it has a column for itself. */
  readonly gutter: number | undefined;
  /** About where it goes down. */
  readonly via: number;
  readonly end: number;
}

function waysOf({ edges, x, y, width, height }: Grid): Way[] {
  const taken = new Uint8Array(width * height);
  x.forEach((column, node) => {
    taken[(y[node] as number) * width + column] = 1;
  });
  const isFree = (column: number, first: number, after: number): boolean => {
    for (let row = first; row < after; row++) if (taken[row * width + column] === 1) return false;
    return first <= after;
  };
  const wayOf = (from: number, to: number): Way => {
    const [start, goal] = [x[from] as number, x[to] as number];
    const [out, into] = [(y[from] as number) + 1, y[to] as number];
    const port = (isFromLeft: boolean): number => middleOf(goal) + (isFromLeft ? -PORT : PORT);
    const [straight, beside] = [middleOf(start), port(start < goal)];
    if (isFree(start, out, into)) {
      return { out, into, gutter: undefined, via: straight, end: start === goal ? straight : beside };
    }
    if (isFree(goal, out, into)) return { out, into, gutter: undefined, via: beside, end: beside };
    const gutter = goal < start ? start : start + 1;
    const via = gutter * STEP.x - NODE.gapX / 2;
    return { out, into, gutter, via, end: port(via < middleOf(goal)) };
  };
  return Array.from({ length: edges.length / 2 }, (_, n) => wayOf(edges[2 * n] as number, edges[2 * n + 1] as number));
}

function middleOf(column: number): number {
  return column * STEP.x + NODE.width / 2;
}

/** What runs beside each other in gaps. */
interface Lanes {
  /** Something of a node needs the gap from here to there. */
  take(gap: number, node: number, from: number, to: number): void;
  /** Where in its gap what is a node's runs, by its share of the gap. */
  settled(place: (gap: number, share: number) => number): (gap: number, node: number) => number;
}

function lanesOf(gaps: number, most: number): Lanes {
  const wanted = Array.from({ length: gaps }, () => new Map<number, { from: number; to: number }>());
  return {
    take: (gap, node, from, to) => {
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      const known = wanted[gap]?.get(node);
      if (known === undefined) wanted[gap]?.set(node, { from: low, to: high });
      else {
        known.from = Math.min(known.from, low);
        known.to = Math.max(known.to, high);
      }
    },
    settled: (place) => {
      const lanes = wanted.map((some) => inLanes(some, most));
      return (gap, node) => {
        const { of, count } = lanes[gap] ?? { of: new Map<number, number>(), count: 1 };
        return place(gap, ((of.get(node) ?? 0) + 0.5) / count);
      };
    },
  };
}

/** Who needs the same piece of a gap gets another lane, as long as there are some. */
function inLanes(wanted: ReadonlyMap<number, { readonly from: number; readonly to: number }>, most: number) {
  const of = new Map<number, number>();
  const ends: number[] = [];
  for (const [node, { from, to }] of [...wanted].sort(([, left], [, right]) => left.from - right.from)) {
    let lane = ends.findIndex((end) => end < from);
    if (lane < 0) lane = ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
    ends[lane] = Math.max(ends[lane] ?? to, to);
    of.set(node, lane);
  }
  return { of, count: Math.max(1, ends.length) };
}
