import { get, post, type StoreVerb } from "./verb.ts";

/** Verbs for the runs of agents that ayo starts on this machine. */
export const RUNS = {
  "run list": {
    load: async () => (await import("../runs/runList.ts")).runList,
    cli: "ayo",
    library: ["listRuns", "Runs of agents on this machine, those at work first."],
    rest: [get("/runs", "RunList")],
    tool: { name: "list_runs", show: "id agent live" },
  },
  "run show": {
    load: async () => (await import("../runs/runShow.ts")).runShow,
    cli: "ayo",
    library: ["showRun", "A run: how far it is, how it ended, where its files are."],
    rest: [get("/runs/{run}", "RunShown")],
  },
  "run log": {
    load: async () => (await import("../runs/runLog.ts")).runLog,
    cli: "ayo",
    library: ["readRunLog", "What a run's agent did, the last events of it."],
    rest: [get("/runs/{run}/log", "RunLog")],
    tool: { name: "run_log", show: "run limit" },
  },
  "run stop": {
    load: async () => (await import("../runs/runStop.ts")).runStop,
    cli: "ayo",
    library: ["stopRun", "Ends a run and all that it started; its ticket is given back."],
    rest: [post("/runs/{run}/stop", "RunStopped")],
  },
  "run retry": {
    load: async () => (await import("../runs/runRetry.ts")).runRetry,
    cli: "ayo",
    examples: [
      ["ayo run retry ayo-x7k2", "its agent is started again, at the next look of 'ayo work'"],
      ["ayo run retry ayo-x7k2 -m 'logged in now'", "with a note"],
    ],
    library: ["retryRun", "Has tickets started again for their agents; what failed is opened again."],
    rest: [post("/tickets/{id}/retry", "Moved")],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
