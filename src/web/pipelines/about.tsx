import type { JSX } from "preact";
import type { Pipeline } from "../data/shown/pipelines.ts";
import { Stages } from "../page/stages.tsx";
import { say } from "../words/say.ts";

/** What a pipeline is for, what begins it, whether it takes effect here, and its steps as a row. */
export function About({ pipeline }: { readonly pipeline: Pipeline }): JSX.Element {
  const { name, about, on, state, steps, problems, runs } = pipeline;
  const where = on?.where === undefined ? "" : ` ${on.where}`;
  const begins = on === null ? say.pipelines.byHand : say.pipelines.begins(on.events.join(", ") + where);
  const stages = steps.map(({ id, does, for: each }) => ({
    key: id,
    name: id,
    tone: "none",
    children: (
      <span class="hint">
        {does === id ? "" : does} {each === null ? "" : say.pipelines.forEach(each)}
      </span>
    ),
  }));
  return (
    <>
      {about === null ? null : <p dir="auto">{about}</p>}
      <p class="hint">
        {[
          say.pipelines.states[state],
          ...(state === "broken" ? [] : [begins, say.pipelines.runs(runs.open, runs.today)]),
        ].join(" · ")}
      </p>
      {pipeline.try === null ? null : <p>{say.pipelines.runCommand(<code>{pipeline.try.join(" ")}</code>)}</p>}
      {problems.map(({ path, line, message }) => (
        <p key={`${line} ${message}`} class="notice">
          {path}:{line}: {message}
        </p>
      ))}
      {stages.length === 0 ? null : <Stages stages={stages} label={name} />}
    </>
  );
}
