import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { aim } from "../page/pick.ts";
import { route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { AgentList } from "./agentList.tsx";
import { money } from "./log/logLines.ts";
import { chosenIn, type Overview, type Person, peopleIn } from "./people.ts";
import { useOverview } from "./useOverview.ts";
import { WorkPane } from "./workPane.tsx";

/** Who is at work, and what each of them does. */
export function AgentsView({ model }: { readonly model: Model }): JSX.Element {
  const { workflow, dir } = model.config;
  const { known, problem, read } = useOverview(dir);
  const people = known === undefined ? [] : peopleIn(known);
  const busy = people.flatMap(({ now }) => now).filter((work) => work.run !== undefined).length;
  useEffect(() => {
    document.title = `${busy === 0 ? "" : `(${busy}) `}${say.header.agents} · ${workflow} · ayo`;
  }, [busy, workflow]);
  return (
    <>
      <h1 class="sr">{say.agents.heading(workflow)}</h1>
      {problem === undefined ? null : <Failed problem={problem} read={read} />}
      {known === undefined && problem === undefined ? (
        <p class="waiting" aria-busy="true">
          {say.agents.reading}
        </p>
      ) : null}
      {known === undefined || problem !== undefined ? null : people.length === 0 ? (
        <p class="welcome">
          {say.agents.nobody} {say.agents.begin(<a href="/guide/work">{say.agents.guide}</a>)}
        </p>
      ) : (
        <>
          <Sum known={known} busy={busy} />
          <People people={people} model={model} read={read} />
        </>
      )}
    </>
  );
}

function Failed({ problem, read }: { readonly problem: Problem; readonly read: () => void }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <p>{say.agents.unreadable(problem.message)}</p>
      <button type="button" onClick={read}>
        {say.tryAgain}
      </button>
    </div>
  );
}

interface PeopleProps {
  readonly people: readonly Person[];
  readonly model: Model;
  readonly read: () => void;
}

/** All of them, and beside them what is chosen: it stays, though others begin meanwhile. */
function People({ people, model, read }: PeopleProps): JSX.Element {
  const { run = "" } = useValue(route).params;
  const first = useRef("");
  const chosen = chosenIn(people, run === "" ? first.current : run) ?? (run === "" ? chosenIn(people, "") : undefined);
  if (run === "") first.current = chosen?.key ?? "";
  useEffect(() => aim(() => (chosen === undefined ? [] : [chosen.ticket])), [chosen?.ticket]);
  return (
    <div class="agents">
      <AgentList people={people} chosen={chosen?.key ?? ""} />
      {chosen === undefined ? (
        <p class="empty">{say.agents.gone(run)}</p>
      ) : (
        <WorkPane key={chosen.key} work={chosen} model={model} read={read} />
      )}
    </div>
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
