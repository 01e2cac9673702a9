import type { verifyWork as Run } from "../../work/verify/verifyWork.ts";

/**
 * What runs commands on a commit: it needs what makes worktrees, which lies above this room, and is loaded only where a
 * command is run. This file is the one door there.
 */
export const verifyWork: typeof Run = async (...given) =>
  (await import("../../work/verify/verifyWork.ts")).verifyWork(...given);
