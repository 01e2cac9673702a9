import { get, post, type StoreVerb } from "./verb.ts";

/** Verbs for trackers elsewhere that a store is kept the same with. */
export const TRACKERS = {
  "tracker add": {
    load: async () => (await import("../tracker/trackerAdd.ts")).trackerAdd,
    cli: "ayo",
    library: ["addTracker", "Connects a store with a team of a tracker; for people."],
  },
  "tracker status": {
    load: async () => (await import("../tracker/trackerStatus.ts")).trackerStatus,
    cli: "ayo",
    library: ["trackerStatus", "Which tracker a store is kept the same with, and what waits; nobody is asked."],
    rest: [get("/trackers", "TrackerStatus")],
  },
  "tracker sync": {
    load: async () => (await import("../tracker/trackerWishes.ts")).trackerSync,
    library: ["syncTracker", "Brings a store and its tracker to the same."],
    rest: [post("/trackers/sync", "TrackerSynced")],
  },
  "tracker pull": {
    load: async () => (await import("../tracker/trackerWishes.ts")).trackerPull,
    cli: "ayo",
    library: ["pullFromTracker", "Makes items of a tracker tickets, or links them again."],
    rest: [post("/trackers/pull", "TrackerSynced")],
  },
  "tracker publish": {
    load: async () => (await import("../tracker/trackerWishes.ts")).trackerPublish,
    cli: "ayo",
    library: ["publishToTracker", "Makes tickets items of a tracker."],
    rest: [post("/trackers/publish", "TrackerSynced")],
  },
  "tracker unlink": {
    load: async () => (await import("../tracker/trackerWishes.ts")).trackerUnlink,
    cli: "ayo",
    library: ["unlinkFromTracker", "Takes tickets off their items; both stay."],
    rest: [post("/trackers/unlink", "TrackerSynced")],
  },
  "tracker mapping": {
    load: async () => (await import("../tracker/trackerMap.ts")).trackerMapping,
    rest: [get("/trackers/mapping", "TrackerMapping")],
  },
  "tracker map": {
    load: async () => (await import("../tracker/trackerMap.ts")).trackerMap,
    cli: "ayo",
    library: ["trackerMapping", "How values go over to a tracker, and changes of it."],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
