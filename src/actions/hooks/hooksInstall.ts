import * as v from "valibot";
import { type InstalledCommitHook, installCommitHook } from "../../store/codeCommits/commitHook.ts";
import { action, flag, writeOptions } from "../input/action.ts";

/** `ayo hooks install`. */
export const hooksInstall = action({
  name: "hooks install",
  summary: "Have git refuse commit messages whose TICKET: <id> names no ticket",
  writes: true,
  input: v.object({
    require: flag("also those that name none"),
    storeFlags: v.optional(v.pipe(v.array(v.string()), v.description("flags that name the store"))),
    dryRun: writeOptions.dryRun,
  }),
  run: async (
    store,
    { require: isRequired, storeFlags = [], dryRun },
  ): Promise<InstalledCommitHook & { readonly dryRun?: true }> => ({
    ...installCommitHook(store, [...(isRequired === true ? ["--require"] : []), ...storeFlags], dryRun),
    ...(dryRun ? { dryRun: true } : {}),
  }),
});
