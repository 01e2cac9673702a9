import { get, post, type StoreVerb } from "./verb.ts";

/** Verbs for pipelines and their runs. */
export const PIPELINES = {
  "pipeline list": {
    load: async () => (await import("../pipeline/pipelineList.ts")).pipelineList,
    cli: "ayo",
    library: ["listPipelines", "Pipelines: what begins their runs, and whether they take effect here."],
    rest: [get("/pipelines", "PipelineList")],
  },
  "pipeline check": {
    load: async () => (await import("../pipeline/pipelineCheck.ts")).pipelineCheck,
    cli: "ayo",
    library: ["checkPipelines", "What is wrong with pipelines, with file, line and step."],
    rest: [get("/pipeline-checks", "PipelineChecked")],
  },
  "pipeline show": {
    load: async () => (await import("../pipeline/pipelineShow.ts")).pipelineShow,
    cli: "ayo",
    library: ["showPipeline", "A pipeline with its runs, or a run with the tickets of each step."],
    rest: [get("/pipelines/{what}", "PipelineShown")],
  },
  "pipeline run": {
    load: async () => (await import("../pipeline/pipelineRun.ts")).pipelineRun,
    cli: "ayo",
    library: ["runPipeline", "Begins a run of a pipeline; with `dryRun` it says what it would do."],
    rest: [post("/pipelines/{pipeline}/run", "PipelineRan")],
    tool: { name: "run_pipeline", show: "pipeline ticket" },
  },
  "pipeline cancel": {
    load: async () => (await import("../pipeline/pipelineCancel.ts")).pipelineCancel,
    cli: "ayo",
    library: ["cancelPipelineRun", "Gives a run of a pipeline up, with every open ticket that it made."],
    rest: [post("/pipeline-runs/{run}/cancel", "Moved")],
  },
} as const satisfies Readonly<Record<string, StoreVerb>>;
