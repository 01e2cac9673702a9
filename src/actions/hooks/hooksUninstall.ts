import * as v from "valibot";
import { type RemovedHook, removeCommitHook } from "../../store/codeCommits/commitHook.ts";
import { action } from "../input/action.ts";

/** `ayo hooks uninstall`. */
export const hooksUninstall = action({
  name: "hooks uninstall",
  summary: "Take the commit-msg hook away again and put back what was there",
  writes: true,
  input: v.object({}),
  run: async (store): Promise<{ readonly removed: readonly RemovedHook[] }> => ({ removed: removeCommitHook(store) }),
});
