import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Model } from "../data/model.ts";
import { PhaseRow } from "../data/shown/phaseRow.tsx";
import type { Pipeline } from "../data/shown/pipelines.ts";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { hrefOf, route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { About } from "./about.tsx";
import { PipelinePage } from "./pipelinePage.tsx";

/** The phases of the board and all pipelines, or the page of the one that the address names. */
export function PipelinesView({ model }: { readonly model: Model }): JSX.Element {
  const { id } = useValue(route);
  return id === "" ? <All model={model} /> : <PipelinePage key={id} name={id} />;
}

function All({ model }: { readonly model: Model }): JSX.Element {
  const { answer, problem, read } = useAnswer<{ pipelines: readonly Pipeline[] }>("/pipelines");
  const { workflow } = model.config;
  useEffect(() => {
    document.title = `${say.header.pipelines} · ${workflow} · ayo`;
  }, [workflow]);
  return (
    <div class="pages">
      <h1>{say.header.pipelines}</h1>
      {model.columns.some(({ phase }) => phase !== undefined) ? (
        <section class="panel">
          <h2>{say.pipelines.phases}</h2>
          <PhaseRow columns={model.columns} cards={model.cards.values()} />
        </section>
      ) : null}
      {answer === undefined ? <Unanswered problem={problem} read={read} /> : null}
      {answer?.pipelines.length === 0 ? <p class="empty">{say.pipelines.none}</p> : null}
      {answer?.pipelines.map((pipeline) => (
        <section key={pipeline.name} class="panel">
          <h2>
            <a href={hrefOf("pipelines", {}, pipeline.name)}>{pipeline.name}</a>
          </h2>
          <About pipeline={pipeline} />
        </section>
      ))}
    </div>
  );
}
