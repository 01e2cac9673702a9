import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { aim } from "../page/pick.ts";
import { route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { AgentList } from "./agentList.tsx";
import { money } from "./log/logLines.ts";
import { chosenIn, type Overview, peopleIn } from "./people.ts";
import { useOverview } from "./useOverview.ts";
import { WorkPane } from "./workPane.tsx";

/** Who is at work, and what each of them does. */
export function AgentsView({ model }: { readonly model: Model }): JSX.Element {
  const { run = "" } = useValue(route).params;
  const { workflow, dir } = model.config;
  const { known, problem, read } = useOverview(dir);
  const people = known === undefined ? [] : peopleIn(known);
  const chosen = chosenIn(people, run);
  const busy = people.flatMap(({ now }) => now).filter((work) => work.run !== undefined).length;
  useEffect(() => {
    document.title = `${busy === 0 ? "" : `(${busy}) `}${say.header.agents} · ${workflow} · ayo`;
  }, [busy, workflow]);
  useEffect(() => aim(() => (chosen === undefined ? [] : [chosen.ticket])), [chosen?.ticket]);
  return (
    <>
      <h1 class="sr">{say.agents.heading(workflow)}</h1>
      {problem instanceof Problem ? (
        <div class="failure" role="alert">
          <p>{say.agents.unreadable(problem.message)}</p>
          <button type="button" onClick={read}>
            {say.tryAgain}
          </button>
        </div>
      ) : known === undefined ? (
        <p class="waiting" aria-busy="true">
          {say.agents.reading}
        </p>
      ) : people.length === 0 ? (
        <p class="welcome">
          {say.agents.nobody} {say.agents.begin(<a href="/guide/work">{say.agents.guide}</a>)}
        </p>
      ) : (
        <>
          <Sum known={known} busy={busy} />
          <div class="agents">
            <AgentList people={people} chosen={chosen?.key ?? ""} />
            {chosen === undefined ? (
              <p class="empty">{say.agents.gone(run)}</p>
            ) : (
              <WorkPane key={chosen.key} work={chosen} model={model} read={read} />
            )}
          </div>
        </>
      )}
    </>
  );
}

function Sum({ known: { tokens, cost }, busy }: { readonly known: Overview; readonly busy: number }): JSX.Element {
  return (
    <div class="toolbar">
      <span class="shown" role="status">
        {say.agents.atWork(busy)}
        {tokens > 0 ? ` · ${say.agents.tokens(number(tokens))}` : ""}
        {cost > 0 ? ` · ${money(cost)}` : ""}
      </span>
    </div>
  );
}
