import * as v from "valibot";
import { failureOf } from "../../store/hooks/fireHooks.ts";
import { type HookRun, readRuns } from "../../store/hooks/runLog.ts";
import { action, limitOf } from "../input/action.ts";

/** What `hooks log` answers. */
export interface HookLog {
  /** Newest first. */
  readonly runs: readonly (HookRun & { readonly ok: boolean })[];
  /** How many runs the log has. */
  readonly total: number;
  readonly truncated: boolean;
}

const LIMIT = 20;

/** `ayo hooks log`. */
export const hooksLog = action({
  name: "hooks log",
  summary: "Show how hooks went on this machine, the last first",
  writes: false,
  input: v.object({
    limit: limitOf(`how many runs (${LIMIT})`),
  }),
  run: async ({ journal }, { limit = LIMIT }): Promise<HookLog> => {
    const { runs, total } = journal === undefined ? { runs: [], total: 0 } : readRuns(journal, limit);
    const judged = runs.map((run) => ({ ...run, ok: failureOf(run) === undefined }));
    return { runs: judged, total, truncated: total > runs.length };
  },
});
