import type { removeFinished as Remove } from "../../work/worktrees/removeFinished.ts";

/**
 * What removes worktrees of agents: it knows when that loses nothing, and lies above this room. This file is the one door
 * there.
 */
export const removeFinished: typeof Remove = async (...given) =>
  (await import("../../work/worktrees/removeFinished.ts")).removeFinished(...given);
