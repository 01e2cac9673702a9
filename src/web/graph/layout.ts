import { routeEdges } from "./routes.ts";

/** A graph by numbers: edges go from what is done first to what waits for it. */
export interface LayoutInput {
  readonly count: number;
  /** Pairs of node numbers, one after the other. */
  readonly edges: Int32Array;
  /** 1 for nodes that are not finished: the critical path is made of them. */
  readonly open: Uint8Array;
}

/** Where each node stands, in columns and rows, the ways of the edges, and the longest chain of open work. */
export interface Layout {
  /** Column of every node. */
  readonly x: Float32Array;
  /** Row of every node; those that nothing precedes are on top. */
  readonly y: Float32Array;
  readonly width: number;
  readonly height: number;
  /** The first row of every layer: what stands in one waits only for what stands in those above. */
  readonly layers: Int32Array;
  /** See routes.ts. */
  readonly routes: Float32Array;
  readonly critical: Int32Array;
}

/** Passes over the rows, down and up again, that sort each by the places of its neighbours. */
const SWEEPS = 8;

/**
 * Layers by longest path, rows sorted by barycentre; a layer that would be too wide takes several rows. Edges that
 * close a cycle are drawn but do not count.
 */
export function layoutGraph({ count, edges, open }: LayoutInput): Layout {
  const { next, previous } = neighbours(count, edges);
  const order = topologicalOrder(count, next, previous);
  const place = new Int32Array(count);
  order.forEach((node, at) => {
    place[node] = at;
  });
  const isForward = (from: number, to: number): boolean => (place[from] as number) < (place[to] as number);
  const layer = new Int32Array(count);
  for (const node of order) {
    for (const to of next[node] as number[]) {
      if (isForward(node, to)) layer[to] = Math.max(layer[to] as number, (layer[node] as number) + 1);
    }
  }
  const layers: number[][] = [];
  for (const node of order) {
    const at = layer[node] as number;
    const nodes = layers[at];
    if (nodes === undefined) layers[at] = [node];
    else nodes.push(node);
  }
  const rank = sortLayers(layers, count, next, previous);
  const placed = placeRows(layers, rank, count, next, previous);
  const critical = criticalPath(order, next, open, isForward);
  return { ...placed, routes: routeEdges({ edges, ...placed }), critical };
}

type Lists = readonly (readonly number[])[];

function neighbours(count: number, edges: Int32Array): { readonly next: number[][]; readonly previous: number[][] } {
  const next: number[][] = Array.from({ length: count }, () => []);
  const previous: number[][] = Array.from({ length: count }, () => []);
  for (let at = 0; at + 1 < edges.length; at += 2) {
    const [from, to] = [edges[at] as number, edges[at + 1] as number];
    if (from === to) continue;
    (next[from] as number[]).push(to);
    (previous[to] as number[]).push(from);
  }
  return { next, previous };
}

/** Kahn's order; where only cycles are left the node with the fewest that precede it goes first. */
function topologicalOrder(count: number, next: Lists, previous: Lists): number[] {
  const left = Int32Array.from(previous, (list) => list.length);
  const isDone = new Uint8Array(count);
  const order: number[] = [];
  const queue: number[] = [];
  for (let node = 0; node < count; node++) if (left[node] === 0) queue.push(node);
  for (let at = 0; order.length < count; ) {
    const node = at < queue.length ? (queue[at++] as number) : leastBound(left, isDone);
    if (isDone[node] === 1) continue;
    isDone[node] = 1;
    order.push(node);
    for (const to of next[node] as number[]) {
      left[to] = (left[to] as number) - 1;
      if (left[to] === 0) queue.push(to);
    }
  }
  return order;
}

function leastBound(left: Int32Array, isDone: Uint8Array): number {
  let best = -1;
  for (let node = 0; node < left.length; node++) {
    if (isDone[node] === 0 && (best < 0 || (left[node] as number) < (left[best] as number))) best = node;
  }
  return best;
}

/** The place of every node in its layer, after sorting. */
function sortLayers(layers: number[][], count: number, next: Lists, previous: Lists): Float64Array {
  const rank = new Float64Array(count);
  const number = (nodes: readonly number[]): void => {
    nodes.forEach((node, at) => {
      rank[node] = (at + 0.5) / nodes.length;
    });
  };
  layers.forEach(number);
  const weight = new Float64Array(count);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const nodes of isDown ? layers : [...layers].reverse()) {
      for (const node of nodes)
        weight[node] = mean((isDown ? previous : next)[node] as number[], rank, rank[node] as number);
      nodes.sort((left, right) => (weight[left] as number) - (weight[right] as number) || left - right);
      number(nodes);
    }
  }
  return rank;
}

function mean(nodes: readonly number[], values: ArrayLike<number>, none: number): number {
  if (nodes.length === 0) return none;
  let sum = 0;
  for (const node of nodes) sum += values[node] as number;
  return sum / nodes.length;
}

/** Rows of at most so many nodes that the whole is about as wide as a screen, each node near its neighbours. */
function placeRows(
  layers: Lists,
  rank: Float64Array,
  count: number,
  next: Lists,
  previous: Lists,
): Omit<Layout, "critical" | "routes"> {
  const most = Math.max(6, Math.ceil(Math.sqrt(count) * 1.2));
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const rows: number[][] = [];
  const firsts: number[] = [];
  for (const nodes of layers) {
    firsts.push(rows.length);
    const parts = Math.ceil(nodes.length / most);
    const each = Math.ceil(nodes.length / parts);
    for (let part = 0; part < parts; part++) rows.push(nodes.slice(part * each, (part + 1) * each));
  }
  const width = Math.max(1, ...rows.map((row) => row.length));
  rows.forEach((row, at) => {
    row.forEach((node, n) => {
      y[node] = at;
      x[node] = n + Math.floor((rank[node] as number) * (width - row.length));
    });
  });
  for (let pass = 0; pass < 4; pass++) {
    for (const row of pass % 2 === 0 ? rows : [...rows].reverse())
      moveTowards(row, x, pass % 2 === 0 ? previous : next, width);
  }
  return { x, y, width, height: rows.length, layers: Int32Array.from(firsts) };
}

/**
 * Moves the nodes of a row towards their neighbours, as far as the others leave room; in whole columns, so that the gaps
 * between them go through. Who is in the way is pushed as much to the left as to the right.
 */
function moveTowards(row: readonly number[], x: Float32Array, towards: Lists, width: number): void {
  const wanted = row.map((node) => Math.round(mean(towards[node] as number[], x, x[node] as number)));
  const spare = width - row.length;
  const pushed = new Int32Array(row.length);
  let least = 0;
  wanted.forEach((want, at) => {
    pushed[at] = Math.min(Math.max(want, least), spare + at);
    least = (pushed[at] as number) + 1;
  });
  let most = width - 1;
  for (let at = row.length - 1; at >= 0; at--) {
    const fromRight = Math.max(Math.min(wanted[at] as number, most), at);
    most = fromRight - 1;
    x[row[at] as number] = Math.floor(((pushed[at] as number) + fromRight) / 2);
  }
}

/** The longest chain of open nodes, in the order of the work. */
function criticalPath(
  order: readonly number[],
  next: Lists,
  open: Uint8Array,
  isForward: (from: number, to: number) => boolean,
): Int32Array {
  const length = new Int32Array(order.length);
  const before = new Int32Array(order.length).fill(-1);
  let last = -1;
  for (const node of order) {
    if (open[node] !== 1) continue;
    length[node] = Math.max(1, length[node] as number);
    if (last < 0 || (length[node] as number) > (length[last] as number)) last = node;
    for (const to of next[node] as number[]) {
      if (open[to] !== 1 || !isForward(node, to) || (length[to] as number) > (length[node] as number)) continue;
      length[to] = (length[node] as number) + 1;
      before[to] = node;
    }
  }
  const path: number[] = [];
  for (let node = last; node >= 0; node = before[node] as number) path.push(node);
  return Int32Array.from(path.reverse());
}
