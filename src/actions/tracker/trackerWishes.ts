import * as v from "valibot";
import { deciderOf } from "../../store/allow/person.ts";
import { findTicket } from "../../store/disk/findTicket.ts";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { action, flag, ids, writeOptions } from "../input/action.ts";
import { TRACKERS } from "./kinds/facts.ts";
import { runTracker, type TrackerSynced } from "./runTracker.ts";

const common = {
  tracker: v.optional(v.pipe(v.picklist(TRACKERS), v.description("which tracker, where the store has several"))),
  yes: flag("send without being asked"),
  as: writeOptions.as,
  dryRun: flag("print the requests that would be sent, change nothing on either side"),
};

/** `ayo sync linear` or `github`, for programs: a store and its tracker are brought to the same. */
export const trackerSync = action({
  name: "tracker sync",
  summary: "Bring the store and its tracker to the same: what changed there comes, what changed here goes",
  writes: true,
  input: v.object({ ...common, whole: flag("read everything there again, not only what changed") }),
  run: (store, input): Promise<TrackerSynced> => runTracker(store, input),
});

/** `ayo tracker pull ENG-12`. */
export const trackerPull = action({
  name: "tracker pull",
  summary: "Make an item of the tracker a ticket, or link it again",
  writes: true,
  input: v.object({
    keys: v.pipe(
      v.array(v.string()),
      v.minLength(1, "at least one key"),
      v.description("keys or addresses: ENG-12, #12"),
    ),
    ...common,
  }),
  run: (store, { keys, ...options }): Promise<TrackerSynced> =>
    runTracker(store, { ...options, wishes: { take: keys } }),
});

/** `ayo tracker publish <id…>`. */
export const trackerPublish = action({
  name: "tracker publish",
  summary: "Make tickets items of the tracker, to be kept the same from now on",
  writes: true,
  input: v.object({ ids, ...common }),
  run: async (store, { ids: wanted, ...options }): Promise<TrackerSynced> => {
    const ids = await idsOf(store, wanted);
    const { linkedBefore } = await import("./linkedBefore.ts");
    return runTracker(store, { ...options, wishes: await linkedBefore(store, ids, options.tracker) });
  },
});

/** `ayo tracker unlink <id…>`. */
export const trackerUnlink = action({
  name: "tracker unlink",
  summary: "Take tickets off their items: both stay, and are no longer kept the same",
  writes: true,
  input: v.object({ ids, ...common }),
  run: async (store, { ids: wanted, ...options }): Promise<TrackerSynced> => {
    deciderOf(store, options.as, "take a ticket off its item");
    return runTracker(store, { ...options, wishes: { unlink: await idsOf(store, wanted) } });
  },
});

async function idsOf(store: Store, wanted: readonly string[]): Promise<string[]> {
  const view = await readStore(store);
  const found: string[] = [];
  for (const one of wanted) found.push((await findTicket(store, view, one, false)).id);
  return found;
}
