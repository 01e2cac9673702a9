import type { Drawn } from "./graphData.ts";
import { type Camera, paintGraph } from "./paint.ts";
import { STEP } from "./sizes.ts";
import type { Emphasis, Palette } from "./world.ts";

/** With fewer nodes painting anew is quick enough. */
const MANY = 1500;
/** A picture reaches so far beyond each side of the canvas, as a part of the canvas. */
const MARGIN = 0.5;
/** A picture is stretched at most so much before it is painted anew. */
const STRETCH = 2;
/** When the camera rests so long a stretched picture is painted anew, in milliseconds. */
const REST = 120;

/** What was painted, and how. */
interface Painted {
  readonly canvas: HTMLCanvasElement;
  readonly drawn: Drawn;
  readonly emphasis: Emphasis;
  readonly palette: Palette;
  readonly camera: Camera;
}

/** Shows a graph on a canvas. */
export interface Painter {
  paint(drawn: Drawn, camera: Camera, emphasis: Emphasis, palette: Palette): void;
  end(): void;
}

/**
 * Paints graphs; of large ones a picture is kept that reaches beyond the canvas, and is moved and stretched while the
 * camera moves: painting thousands of tickets takes longer than a frame.
 */
export function painterOf(canvas: HTMLCanvasElement): Painter {
  let painted: Painted | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const paint: Painter["paint"] = (drawn, camera, emphasis, palette) => {
    clearTimeout(timer);
    if (drawn.nodes.length < MANY) return paintGraph(canvas, drawn, camera, emphasis, palette);
    const isSame =
      painted?.drawn === drawn && painted.palette === palette && isSameEmphasis(painted.emphasis, emphasis);
    if (!isSame || !covers(painted as Painted, canvas, camera)) {
      painted = paintWide(canvas, painted?.canvas, { drawn, camera, emphasis, palette });
    }
    const { camera: then } = painted as Painted;
    show(canvas, painted as Painted, camera);
    if (then.scale === camera.scale) return;
    timer = setTimeout(() => {
      painted = undefined;
      paint(drawn, camera, emphasis, palette);
    }, REST);
  };
  return { paint, end: () => clearTimeout(timer) };
}

function isSameEmphasis(left: Emphasis, right: Emphasis): boolean {
  const isSamePath =
    left.critical.length === right.critical.length && left.critical.every((n, at) => n === right.critical[at]);
  return left.only === right.only && left.hovered === right.hovered && isSamePath;
}

function paintWide(
  { width, height }: HTMLCanvasElement,
  old: HTMLCanvasElement | undefined,
  { drawn, camera, emphasis, palette }: Omit<Painted, "canvas">,
): Painted {
  const ratio = devicePixelRatio || 1;
  const canvas = old ?? document.createElement("canvas");
  canvas.width = width * (1 + 2 * MARGIN);
  canvas.height = height * (1 + 2 * MARGIN);
  const { scale, left, top } = camera;
  const wide = { scale, left: left + (width * MARGIN) / ratio, top: top + (height * MARGIN) / ratio };
  paintGraph(canvas, drawn, wide, emphasis, palette);
  return { canvas, drawn, emphasis, palette, camera: wide };
}

/** Where the picture comes to lie on the canvas, in device pixels. */
function placeOf({ canvas, camera: then }: Painted, { scale, left, top }: Camera) {
  const ratio = devicePixelRatio || 1;
  const stretch = scale / then.scale;
  return {
    x: ratio * (left - stretch * then.left),
    y: ratio * (top - stretch * then.top),
    width: canvas.width * stretch,
    height: canvas.height * stretch,
    stretch,
  };
}

/** Whether the picture shows all that the camera sees. */
function covers(painted: Painted, { width, height }: HTMLCanvasElement, camera: Camera): boolean {
  const place = placeOf(painted, camera);
  if (place.stretch > STRETCH || place.stretch < 1 / STRETCH) return false;
  const isUnder = place.x <= 0 && place.y <= 0 && place.x + place.width >= width && place.y + place.height >= height;
  return isUnder || showsAll(painted);
}

/** Whether nothing of the graph is outside the picture. */
function showsAll({ canvas, camera: { scale, left, top }, drawn: { layout } }: Painted): boolean {
  const ratio = devicePixelRatio || 1;
  const right = left + layout.width * STEP.x * scale;
  const bottom = top + layout.height * STEP.y * scale;
  return left >= 0 && top >= 0 && right * ratio <= canvas.width && bottom * ratio <= canvas.height;
}

function show(canvas: HTMLCanvasElement, painted: Painted, camera: Camera): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { x, y, width, height } = placeOf(painted, camera);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(painted.canvas, x, y, width, height);
}
