/** So near the edge what is below the pointer begins to scroll, in CSS pixels. */
const REACH = 56;
/** How fast it scrolls at the very edge, in CSS pixels a second. */
const SPEED = 900;
/** Below a finger, where a column is as wide as the screen: there has to be time to let go. */
export const FINGER_SPEED = 450;

/** Where the pointer is. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Scrolls the board, and the column below the pointer, as long as the pointer is near an edge, moving or not;
 * `onScroll` is told after each step. The function that it answers with ends that.
 */
export function scrollAtEdges(pointer: () => Point, onScroll: () => void, speed = SPEED): () => void {
  const board = document.querySelector<HTMLElement>(".board");
  // A board that snaps to its columns would be back after each step.
  board?.classList.add("dragging");
  let before = performance.now();
  let frame = requestAnimationFrame(step);
  /** What is less than a pixel is kept for the next step: otherwise slow scrolling would stand still. */
  const rest = { x: 0, y: 0 };

  function step(now: number): void {
    const seconds = Math.min(0.05, (now - before) / 1000);
    before = now;
    const { x, y } = pointer();
    const cards = columnAt(board, x)?.querySelector<HTMLElement>(".cards");
    const across = board === null ? 0 : pull(x, board.getBoundingClientRect(), "left", "right");
    const down = cards == null ? 0 : pull(y, cards.getBoundingClientRect(), "top", "bottom");
    rest.x += across * speed * seconds;
    rest.y += down * speed * seconds;
    const [dx, dy] = [Math.trunc(rest.x), Math.trunc(rest.y)];
    rest.x = across === 0 ? 0 : rest.x - dx;
    rest.y = down === 0 ? 0 : rest.y - dy;
    if (board !== null) board.scrollLeft += dx;
    if (cards != null) cards.scrollTop += dy;
    if (dx !== 0 || dy !== 0) onScroll();
    frame = requestAnimationFrame(step);
  }

  return () => {
    cancelAnimationFrame(frame);
    board?.classList.remove("dragging");
  };
}

/** The column over or below the pointer: near its upper edge the pointer is already on its heading. */
function columnAt(board: Element | null, x: number): Element | undefined {
  return [...(board?.querySelectorAll("[data-column]") ?? [])].find((column) => {
    const { left, right } = column.getBoundingClientRect();
    return left <= x && x < right;
  });
}

/** How strongly a place pulls, from -1 at or beyond one edge to 1 at the other. */
function pull(at: number, box: DOMRect, from: "left" | "top", to: "right" | "bottom"): number {
  const reach = Math.min(REACH, (box[to] - box[from]) / 4);
  const before = Math.min(1, Math.max(0, (box[from] + reach - at) / reach));
  const after = Math.min(1, Math.max(0, (at - box[to] + reach) / reach));
  return after - before;
}
