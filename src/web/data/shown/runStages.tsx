import type { JSX } from "preact";
import { ticketHref } from "../../page/router.ts";
import { type Stage, Stages } from "../../page/stages.tsx";
import { say } from "../../words/say.ts";
import type { PipelineRun, RunStep } from "./pipelines.ts";

/** The colour of a step's mark, as of a column that means the like. */
const TONES: Readonly<Record<RunStep["state"], string>> = {
  open: "active",
  made: "failed",
  done: "done",
  due: "todo",
  waiting: "none",
  unknown: "missing",
};
/** So many tickets of a step are named. */
const NAMED = 5;

/** How far a run is: each step with the tickets that it made; `own` is the ticket that the page is about. */
export function RunStages({ run, own = "" }: { readonly run: PipelineRun; readonly own?: string }): JSX.Element {
  const stages = run.steps.map(
    ({ id, state, tickets }): Stage => ({
      key: id,
      name: id,
      tone: TONES[state],
      isOwn: tickets.some((one) => one.id === own),
      children: (
        <>
          <span class="hint">{say.pipelines.stepStates[state]}</span>
          {tickets.slice(0, NAMED).map((one) => (
            <a key={one.id} href={ticketHref(one.id)} title={one.title}>
              {one.id}
            </a>
          ))}
          {tickets.length > NAMED ? <span class="hint">+{tickets.length - NAMED}</span> : null}
        </>
      ),
    }),
  );
  return <Stages stages={stages} label={run.pipeline} />;
}
