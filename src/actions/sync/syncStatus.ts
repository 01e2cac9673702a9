import * as v from "valibot";
import { underLastConfig } from "../../store/disk/configFile.ts";
import type { Standing } from "../../store/sync/standing.ts";
import { action } from "../input/action.ts";

/** What `sync status` answers. */
export type SyncStatus = Standing;

/** `ayo sync status`. */
export const syncStatus = action({
  name: "sync status",
  summary: "Where the tickets are shared, what was not sent yet, and when others were last heard of",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<SyncStatus> => {
    const { standingOf } = await import("../../store/sync/standing.ts");
    return underLastConfig(store, () => standingOf(store));
  },
});
