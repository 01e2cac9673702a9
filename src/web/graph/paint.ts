import type { Drawn, Node } from "./graphData.ts";

/** A node's size and the gaps between nodes, in units of the world: CSS pixels at scale 1. */
export const NODE = { width: 170, height: 46, gapX: 24, gapY: 44 };

/** What part of the world is seen: a point of the world is at `scale * x + left` on the canvas. */
export interface Camera {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** What stands out. */
export interface Emphasis {
  /** Others are faded; undefined for none. */
  readonly only: ReadonlySet<number> | undefined;
  readonly hovered: number;
  /** Numbers of nodes, in order. */
  readonly critical: readonly number[];
}

/** The colours of the page, as its style says. */
export interface Palette {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly paper: string;
  readonly accent: string;
  readonly categories: Readonly<Record<string, string>>;
}

/** Reads the colours that hold now, dark or light. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    dim: colour("dim"),
    line: colour("line"),
    paper: colour("paper"),
    accent: colour("accent"),
    categories: {
      todo: colour("dim"),
      active: colour("accent"),
      blocked: colour("red"),
      review: colour("violet"),
      done: colour("green"),
      cancelled: colour("line"),
      failed: colour("red"),
      missing: colour("red"),
    },
  };
}

/** Where a node is in the world. */
export function boxOf({ layout }: Drawn, node: number): { readonly x: number; readonly y: number } {
  return {
    x: (layout.x[node] ?? 0) * (NODE.width + NODE.gapX),
    y: (layout.y[node] ?? 0) * (NODE.height + NODE.gapY),
  };
}

/** The camera that shows everything. */
export function fitCamera({ layout }: Drawn, width: number, height: number): Camera {
  const world = {
    width: layout.width * (NODE.width + NODE.gapX),
    height: Math.max(1, layout.height) * (NODE.height + NODE.gapY),
  };
  const scale = Math.min(1.2, (width - 40) / world.width, (height - 40) / world.height);
  return {
    scale,
    left: (width - (world.width - NODE.gapX) * scale) / 2,
    top: Math.max(20, (height - (world.height - NODE.gapY) * scale) / 2),
  };
}

/** The node at a point of the canvas, or -1. */
export function nodeAt(drawn: Drawn, { scale, left, top }: Camera, x: number, y: number): number {
  const [worldX, worldY] = [(x - left) / scale, (y - top) / scale];
  for (let node = drawn.nodes.length - 1; node >= 0; node--) {
    const box = boxOf(drawn, node);
    const isIn = worldX >= box.x && worldX <= box.x + NODE.width && worldY >= box.y && worldY <= box.y + NODE.height;
    if (isIn) return node;
  }
  return -1;
}

/** Draws what can be seen. */
export function paintGraph(
  canvas: HTMLCanvasElement,
  drawn: Drawn,
  camera: Camera,
  emphasis: Emphasis,
  palette: Palette,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = devicePixelRatio || 1;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const { scale, left, top } = camera;
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
  const seen = {
    left: -left / scale - NODE.width,
    top: -top / scale - NODE.height,
    right: (canvas.width / ratio - left) / scale,
    bottom: (canvas.height / ratio - top) / scale,
  };
  paintEdges(context, drawn, emphasis, palette, seen, scale);
  paintNodes(context, drawn, emphasis, palette, seen, scale);
}

type Seen = Readonly<Record<"left" | "top" | "right" | "bottom", number>>;

function paintEdges(
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
    addEdge(path, start, end);
  }
  const stroke = (path: Path2D, colour: string, width: number, dash: number[], alpha: number): void => {
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = Math.max(width, 0.6 / scale);
    context.setLineDash(dash);
    context.stroke(path);
  };
  stroke(paths.faded, palette.line, 1, [], 0.5);
  stroke(paths.part, palette.dim, 1, [4, 4], 0.7);
  stroke(paths.plain, palette.dim, 1.3, [], 0.9);
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

type Point = { readonly x: number; readonly y: number };

function addEdge(path: Path2D, from: Point, to: Point): void {
  const [x1, y1] = [from.x + NODE.width / 2, from.y + NODE.height];
  const [x2, y2] = [to.x + NODE.width / 2, to.y];
  const bend = Math.max(18, Math.abs(y2 - y1) / 2);
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1, y1 + bend, x2, y2 - bend, x2, y2);
  path.moveTo(x2 - 4, y2 - 7);
  path.lineTo(x2, y2);
  path.lineTo(x2 + 4, y2 - 7);
}

function paintNodes(
  context: CanvasRenderingContext2D,
  drawn: Drawn,
  { only, hovered, critical }: Emphasis,
  palette: Palette,
  seen: Seen,
  scale: number,
): void {
  const isCritical = new Set(critical);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  drawn.nodes.forEach((node, n) => {
    const { x, y } = boxOf(drawn, n);
    if (x < seen.left || x > seen.right || y < seen.top || y > seen.bottom) return;
    context.globalAlpha = only === undefined || only.has(n) ? 1 : 0.2;
    const isBold = n === hovered || isCritical.has(n);
    paintNode(context, node, { x, y }, palette, isBold, scale);
  });
  context.globalAlpha = 1;
}

function paintNode(
  context: CanvasRenderingContext2D,
  node: Node,
  { x, y }: Point,
  palette: Palette,
  isBold: boolean,
  scale: number,
): void {
  const colour = palette.categories[node.category ?? ""] ?? palette.dim;
  // Text that nobody can read is not drawn.
  if (scale < 0.28) {
    context.fillStyle = isBold ? palette.accent : colour;
    context.fillRect(x, y, NODE.width, NODE.height);
    return;
  }
  context.fillStyle = palette.paper;
  context.strokeStyle = isBold ? palette.accent : palette.line;
  context.lineWidth = isBold ? 3 : 1;
  context.beginPath();
  context.roundRect(x, y, NODE.width, NODE.height, 7);
  context.fill();
  context.stroke();
  context.fillStyle = colour;
  context.fillRect(x, y + 6, 4, NODE.height - 12);
  context.fillStyle = palette.dim;
  context.fillText(
    `${node.id}  ${node.category === "missing" ? "missing" : node.status}`,
    x + 11,
    y + 14,
    NODE.width - 18,
  );
  context.fillStyle = palette.text;
  context.fillText(shortened(context, node.title, NODE.width - 20), x + 11, y + 32);
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
