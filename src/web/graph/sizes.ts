/** A node's size and the gaps between nodes, in units of the world: CSS pixels at scale 1. */
export const NODE = { width: 170, height: 46, gapX: 36, gapY: 52 };
/** From one column, and one row, to the next. */
export const STEP = { x: NODE.width + NODE.gapX, y: NODE.height + NODE.gapY };
/** At a smaller scale nobody can read a node. */
export const SMALL = 0.28;
