import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { both, listOf } from "../../ticket/stats/lists.ts";
import type { Model } from "../data/model.ts";
import { projects } from "../data/projectList.ts";
import { projectQuery } from "../data/projects.ts";
import { route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { say } from "../words/say.ts";
import { useAnswer } from "./answer.ts";
import { Charts } from "./flowCharts.tsx";
import { ListedTickets } from "./listed.tsx";
import { ProjectChoice } from "./projectTable.tsx";

/** So many days up to now; 0 for all there is. */
const RANGES = [14, 30, 90, 365, 0] as const;

/** How the work flows, and the tickets behind each figure: the archive counts too. */
export function StatsView({ model }: { readonly model: Model }): JSX.Element {
  const { list = "", ids = "" } = useValue(route).params;
  useEffect(() => {
    document.title = `${say.header.stats} · ${model.config.workflow} · ayo`;
  }, [model.config.workflow]);
  return list === "" && ids === "" ? <Figures model={model} /> : <ListedTickets model={model} />;
}

function Figures({ model }: { readonly model: Model }): JSX.Element {
  const { q = "", project: word = "", days: wanted } = useValue(route).params;
  const known = useValue(projects);
  const project = word === "" ? "" : (known.find(word)?.slug ?? word);
  const days = RANGES.find((range) => String(range) === wanted) ?? 30;
  const filter = project === "" ? q.trim() : (listOf(q, both([projectQuery(project)], [""])) ?? "");
  const { counted, failure } = useAnswer(model, filter, days);
  return (
    <>
      <h1 class="sr">{say.stats.heading(model.config.workflow)}</h1>
      <div class="toolbar">
        <input
          type="search"
          data-filter
          aria-label={say.filter}
          placeholder={say.graph.filterHint}
          aria-invalid={failure !== ""}
          value={q}
          onInput={(event) => setParams({ q: event.currentTarget.value })}
        />
        <label>
          {say.stats.time}{" "}
          <select value={days} onChange={(event) => setParams({ days: event.currentTarget.value })}>
            {RANGES.map((range) => (
              <option key={range} value={range}>
                {say.stats.ranges[range]}
              </option>
            ))}
          </select>
        </label>
        <ProjectChoice chosen={project} />
      </div>
      <p class="failure" role="status" hidden={failure === ""}>
        {failure}
      </p>
      {counted === undefined ? (
        <p class="waiting">{failure === "" ? say.stats.counting : ""}</p>
      ) : (
        <Charts counted={counted} filter={filter} chosen={project} />
      )}
    </>
  );
}
