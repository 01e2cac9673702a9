import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { onKeys } from "../page/keys.ts";
import { useValue } from "../page/state.ts";
import { theme } from "../page/theme.ts";
import { say } from "../words/say.ts";
import type { Drawn } from "./graphData.ts";
import { type Camera, fitCamera, nodeAt, paletteOf } from "./paint.ts";
import { painterOf } from "./picture.ts";
import type { Emphasis, Palette } from "./world.ts";

interface Props {
  readonly drawn: Drawn;
  readonly emphasis: Emphasis;
  readonly onHover: (node: number) => void;
  readonly onOpen: (node: number) => void;
}

/** Nearer than this nothing gets clearer. */
const MAX_SCALE = 2.5;
const MIN_SCALE = 0.01;
/** A pointer that moved less was a click, in CSS pixels. */
const SLACK = 4;

/** The graph to look at: pans, zooms, and opens what is clicked. */
export function Canvas(props: Props): JSX.Element {
  const element = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | undefined>(undefined);
  const chosen = useValue(theme);
  useEffect(() => {
    if (element.current === null) return;
    const made = stageOf(element.current);
    stage.current = made;
    return () => made.end();
  }, []);
  useEffect(() => stage.current?.show(props));
  useEffect(() => stage.current?.recolour(), [chosen]);
  const { nodes, parts } = props.drawn;
  return (
    <div class="graph">
      <canvas
        ref={element}
        // It takes the keys for moving and zooming; what it shows is below as text.
        tabIndex={0}
        role="img"
        aria-label={say.graph.label(say.data.tickets(nodes.length), say.graph.ties(parts.length))}
      />
      <div class="zoom">
        <button type="button" aria-label={say.graph.nearer} onClick={() => stage.current?.zoom(1.4)}>
          +
        </button>
        <button type="button" aria-label={say.graph.farther} onClick={() => stage.current?.zoom(1 / 1.4)}>
          −
        </button>
        <button type="button" onClick={() => stage.current?.fitAll()}>
          {say.graph.fit}
        </button>
      </div>
    </div>
  );
}

/** What draws on a canvas and follows pointers and keys on it. */
interface Stage {
  show(props: Props): void;
  recolour(): void;
  zoom(factor: number): void;
  fitAll(): void;
  end(): void;
}

function stageOf(canvas: HTMLCanvasElement): Stage {
  let props: Props | undefined;
  let camera: Camera = { scale: 1, left: 0, top: 0 };
  let palette: Palette = paletteOf(canvas);
  let frame = 0;
  const painter = painterOf(canvas);
  const draw = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (props !== undefined) painter.paint(props.drawn, camera, props.emphasis, palette);
    });
  };
  const put = (next: Camera): void => {
    camera = next;
    draw();
  };
  const zoomAt = (factor: number, x: number, y: number): void => put(zoomed(camera, factor, x, y));
  const zoom = (factor: number): void => zoomAt(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
  const fitAll = (): void => {
    if (props !== undefined) put(fitCamera(props.drawn, canvas.clientWidth, canvas.clientHeight));
  };
  const resize = (): void => {
    sharpen(canvas);
    draw();
  };
  const observer = new ResizeObserver(resize);
  observer.observe(canvas);
  const stop = followInput(canvas, {
    pan: (x, y) => put({ ...camera, left: camera.left + x, top: camera.top + y }),
    zoomAt,
    zoom,
    fitAll,
    at: (x, y) => (props === undefined ? -1 : nodeAt(props.drawn, camera, x, y)),
    hover: (node) => props?.onHover(node),
    open: (node) => props?.onOpen(node),
  });
  return {
    show: (next) => {
      const isNew = props?.drawn.nodes.length !== next.drawn.nodes.length;
      props = next;
      if (isNew) {
        resize();
        fitAll();
      } else draw();
    },
    recolour: () => {
      palette = paletteOf(canvas);
      draw();
    },
    zoom,
    fitAll,
    end: () => {
      stop();
      observer.disconnect();
      painter.end();
      cancelAnimationFrame(frame);
    },
  };
}

/** Nearer or farther, with the place at x and y where it is. */
function zoomed({ scale, left, top }: Camera, factor: number, x: number, y: number): Camera {
  const next = Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale * factor));
  const real = next / scale;
  return { scale: next, left: x - (x - left) * real, top: y - (y - top) * real };
}

/** Gives a canvas as many dots as the screen has where it lies. */
function sharpen(canvas: HTMLCanvasElement): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
}

interface Input {
  pan(x: number, y: number): void;
  zoomAt(factor: number, x: number, y: number): void;
  zoom(factor: number): void;
  fitAll(): void;
  at(x: number, y: number): number;
  hover(node: number): void;
  open(node: number): void;
}

function followInput(canvas: HTMLCanvasElement, input: Input): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  followPointers(canvas, input, signal);
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (event.shiftKey) input.pan(-event.deltaY, 0);
      else input.zoomAt(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
    },
    { signal, passive: false },
  );
  const keys: Readonly<Record<string, () => void>> = {
    "+": () => input.zoom(1.4),
    "=": () => input.zoom(1.4),
    "-": () => input.zoom(1 / 1.4),
    "0": input.fitAll,
    ArrowLeft: () => input.pan(80, 0),
    ArrowRight: () => input.pan(-80, 0),
    ArrowUp: () => input.pan(0, 80),
    ArrowDown: () => input.pan(0, -80),
  };
  const unfollow = onKeys(({ target, key }) => {
    const todo = target === canvas ? keys[key] : undefined;
    todo?.();
    return todo !== undefined;
  });
  signal.addEventListener("abort", unfollow);
  return () => ending.abort();
}

type At = { readonly x: number; readonly y: number };

/** One pointer pans, two pinch, one that hardly moved opens. */
function followPointers(canvas: HTMLCanvasElement, input: Input, signal: AbortSignal): void {
  const down = new Map<number, At>();
  let moved = 0;
  const spread = (): { readonly distance: number; readonly x: number; readonly y: number } => {
    const [one = { x: 0, y: 0 }, two = one] = [...down.values()];
    return { distance: Math.hypot(one.x - two.x, one.y - two.y), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  };
  const place = (event: PointerEvent): At => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const listen = (name: "pointerdown" | "pointermove" | "pointerup", run: (event: PointerEvent) => void): void =>
    canvas.addEventListener(name, run, { signal });
  listen("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, place(event));
  });
  listen("pointermove", (event) => {
    const now = place(event);
    const before = down.get(event.pointerId);
    if (before === undefined) return input.hover(input.at(now.x, now.y));
    const old = spread();
    down.set(event.pointerId, now);
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    const fresh = spread();
    if (down.size === 2 && old.distance > 0) input.zoomAt(fresh.distance / old.distance, fresh.x, fresh.y);
    if (moved > SLACK) input.pan(fresh.x - old.x, fresh.y - old.y);
  });
  listen("pointerup", (event) => {
    const at = place(event);
    down.delete(event.pointerId);
    if (down.size > 0 || moved > SLACK) return;
    const node = input.at(at.x, at.y);
    if (node >= 0) input.open(node);
  });
  canvas.addEventListener("pointercancel", () => down.clear(), { signal });
  canvas.addEventListener("pointerleave", () => input.hover(-1), { signal });
}
