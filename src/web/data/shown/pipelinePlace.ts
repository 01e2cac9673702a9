import type { Card } from "../shapes.ts";

/** Where a ticket stands in a run of a pipeline. */
export interface Place {
  /** The run's ticket. */
  readonly run: string;
  readonly step: string;
  /** From 1; 0 where the file of the pipeline has the step no more, or is not known. */
  readonly n: number;
  readonly total: number;
}

/** The step that made a ticket, or that a run has come to; undefined where it belongs to none. */
export function placeIn(
  card: Pick<Card, "id" | "pipeline" | "pipelineRun" | "pipelineStep" | "pipelineSteps">,
  pipeline: string | undefined,
  known: ReadonlyMap<string, readonly string[]>,
): Place | undefined {
  const step = card.pipelineStep ?? (card.pipeline === undefined ? undefined : card.pipelineSteps?.at(-1));
  if (step === undefined) return undefined;
  const steps = known.get(pipeline ?? "") ?? [];
  return { run: card.pipelineRun ?? card.id, step, n: steps.indexOf(step) + 1, total: steps.length };
}
