import * as v from "valibot";
import { hooksOf } from "../../store/hooks/hook.ts";
import { action } from "../input/action.ts";
import { type HookJson, hookJson } from "./hookJson.ts";

/** What `hooks list` answers. */
export interface HookList {
  readonly hooks: readonly HookJson[];
}

/** `ayo hooks list`. */
export const hooksList = action({
  name: "hooks list",
  summary: "Show the store's hooks: which run, which do not, and what to do about it",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<HookList> => ({ hooks: hooksOf(store).map((hook) => hookJson(store, hook)) }),
});
