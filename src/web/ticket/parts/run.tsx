import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Shown } from "../../data/shapes.ts";
import type { PipelineRun } from "../../data/shown/pipelines.ts";
import { RunStages } from "../../data/shown/runStages.tsx";
import { useAnswer } from "../../data/useAnswer.tsx";
import { lateStyle } from "../../page/lateStyle.ts";
import { hrefOf } from "../../page/router.ts";
import { say } from "../../words/say.ts";

/** The run of a pipeline that the ticket is, or that made it, with its own step. */
export function InPipeline({ shown: { ticket } }: { readonly shown: Shown }): JSX.Element | null {
  const { id, pipeline, pipelineRun } = ticket;
  const run = pipelineRun ?? (pipeline === undefined ? undefined : id);
  return run === undefined ? null : <Run run={run} own={id} />;
}

function Run({ run, own }: { readonly run: string; readonly own: string }): JSX.Element | null {
  const { answer } = useAnswer<{ run: PipelineRun | null }>(`/pipelines/${encodeURIComponent(run)}`);
  useEffect(() => void lateStyle("/pages.css"), []);
  if (answer?.run == null) return null;
  const { pipeline, why } = answer.run;
  return (
    <section aria-label={say.header.pipelines}>
      <h2>{say.pipelines.partOf(<a href={hrefOf("pipelines", {}, pipeline)}>{pipeline}</a>)}</h2>
      {why === null ? null : <p class="notice">{why}</p>}
      <RunStages run={answer.run} own={own} />
    </section>
  );
}
