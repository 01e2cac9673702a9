import type { Drawn } from "./graphData.ts";
import { ROUTE } from "./routes.ts";
import { NODE, SMALL } from "./sizes.ts";
import { boxOf, type Emphasis, type Palette, type Point, type Seen } from "./world.ts";

/** Draws the edges on their ways. */
export function paintEdges(
  context: CanvasRenderingContext2D,
  drawn: Drawn,
  { only, critical }: Emphasis,
  palette: Palette,
  seen: Seen,
  scale: number,
): void {
  const { edges, parts } = drawn;
  const steps = new Set(critical.slice(1).map((node, n) => `${critical[n]} ${node}`));
  // One path for each style: thousands of strokes would be slow.
  const paths = { plain: new Path2D(), part: new Path2D(), faded: new Path2D(), critical: new Path2D() };
  for (let at = 0; at < edges.length; at += 2) {
    const [from, to] = [edges[at] as number, edges[at + 1] as number];
    const [start, end] = [boxOf(drawn, from), boxOf(drawn, to)];
    if (isElsewhere(start, end, seen)) continue;
    const isFaded = only !== undefined && !(only.has(from) && only.has(to));
    const plain = parts[at / 2] === 1 ? paths.part : paths.plain;
    const path = steps.has(`${from} ${to}`) ? paths.critical : isFaded ? paths.faded : plain;
    addEdge(path, pointsOf(drawn.layout.routes, at / 2, start, end), scale);
  }
  const stroke = (path: Path2D, colour: string, width: number, dash: number[], alpha: number): void => {
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = Math.max(width, 0.6 / scale);
    context.setLineDash(dash);
    context.stroke(path);
  };
  // From afar thousands of them would hide what they tie.
  const clear = only === undefined && scale < SMALL ? 0.2 : 1;
  stroke(paths.faded, palette.line, 1, [], 0.5 * clear);
  stroke(paths.part, palette.dim, 1, [4, 4], 0.7 * clear);
  stroke(paths.plain, palette.dim, 1.3, [], 0.9 * clear);
  stroke(paths.critical, palette.accent, 4, [], 1);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function isElsewhere(start: Point, end: Point, seen: Seen): boolean {
  return (
    Math.max(start.y, end.y) + NODE.height < seen.top ||
    Math.min(start.y, end.y) > seen.bottom ||
    Math.max(start.x, end.x) < seen.left ||
    Math.min(start.x, end.x) > seen.right
  );
}

/** Corners are round where they can be seen. */
const ROUND = 8;

function addEdge(path: Path2D, points: readonly Point[], scale: number): void {
  const [first, ...rest] = points as [Point, ...Point[]];
  path.moveTo(first.x, first.y);
  rest.forEach((point, n) => {
    const before = points[n] as Point;
    const next = rest[n + 1];
    if (next === undefined || scale < SMALL) path.lineTo(point.x, point.y);
    else {
      const half = Math.min(far(before, point), far(point, next)) / 2;
      path.arcTo(point.x, point.y, next.x, next.y, Math.min(ROUND, half));
    }
  });
  const { x, y } = points.at(-1) as Point;
  path.moveTo(x - 4, y - 7);
  path.lineTo(x, y);
  path.lineTo(x + 4, y - 7);
}

function far(one: Point, two: Point): number {
  return Math.abs(one.x - two.x) + Math.abs(one.y - two.y);
}

/** The corners of an edge's way, without those where it goes on. */
export function pointsOf(routes: Float32Array, edge: number, start: Point, end: Point): Point[] {
  const [y1 = 0, via = 0, y2 = 0, last = 0] = routes.subarray(ROUTE * edge, ROUTE * (edge + 1));
  const x = start.x + NODE.width / 2;
  const all = [
    { x, y: start.y + NODE.height },
    { x, y: y1 },
    { x: via, y: y1 },
    { x: via, y: y2 },
    { x: last, y: y2 },
    { x: last, y: end.y },
  ];
  const isBend = (n: number): boolean => {
    const [before, here, after] = [all[n - 1], all[n], all[n + 1]];
    if (before === undefined || here === undefined || after === undefined) return true;
    return !(before.x === here.x && here.x === after.x) && !(before.y === here.y && here.y === after.y);
  };
  const distinct = all.filter((point, n) => n === 0 || far(point, all[n - 1] as Point) > 0.01);
  all.splice(0, all.length, ...distinct);
  return all.filter((_, n) => isBend(n));
}
