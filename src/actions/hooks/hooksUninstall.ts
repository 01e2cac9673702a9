import * as v from "valibot";
import { type RemovedHook, removeCommitHook } from "../../store/codeCommits/commitHook.ts";
import { action, writeOptions } from "../input/action.ts";

/** `ayo hooks uninstall`. */
export const hooksUninstall = action({
  name: "hooks uninstall",
  summary: "Take the commit-msg hook away again and put back what was there",
  writes: true,
  input: v.object({ dryRun: writeOptions.dryRun }),
  run: async (store, { dryRun }): Promise<{ readonly removed: readonly RemovedHook[]; readonly dryRun?: true }> => ({
    removed: removeCommitHook(store, dryRun),
    ...(dryRun ? { dryRun: true } : {}),
  }),
});
