import type { Drawn, Node } from "./graphData.ts";
import { paintEdges } from "./paintEdges.ts";
import { NODE, SMALL, STEP } from "./sizes.ts";
import { boxOf, type Emphasis, type Palette, type Point, type Seen } from "./world.ts";

/** What part of the world is seen: a point of the world is at `scale * x + left` on the canvas. */
export interface Camera {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
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

/** The camera that shows everything. */
export function fitCamera({ layout }: Drawn, width: number, height: number): Camera {
  const world = {
    width: layout.width * STEP.x,
    height: Math.max(1, layout.height) * STEP.y,
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
  paintLayers(context, drawn, palette);
  paintEdges(context, drawn, emphasis, palette, seen, scale);
  paintNodes(context, drawn, emphasis, palette, seen, scale);
}

/** Each layer has a ground of its own: rows of one are equals. */
function paintLayers(context: CanvasRenderingContext2D, { layout }: Drawn, palette: Palette): void {
  if (layout.layers.length < 2) return;
  const margin = NODE.gapX / 2;
  context.fillStyle = palette.paper;
  context.globalAlpha = 0.55;
  layout.layers.forEach((first, n) => {
    if (n % 2 === 1) return;
    const after = layout.layers[n + 1] ?? layout.height;
    const top = first * STEP.y - NODE.gapY / 4;
    context.fillRect(-margin, top, layout.width * STEP.x, (after - first) * STEP.y - NODE.gapY / 2);
  });
  context.globalAlpha = 1;
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
  if (scale < SMALL) {
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
