/** What only pipelines write: of a run, and of what it made. */
export const PIPELINE_FIELDS = ["pipeline", "pipelineRun", "pipelineInput", "pipelineSteps"] as const;
