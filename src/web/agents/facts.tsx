import type { JSX } from "preact";
import { useValue } from "../page/state.ts";
import { ago, fullTime, halfMinute, timeLeft } from "../page/times.ts";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Standing } from "./agentList.tsx";
import { money } from "./log/logLines.ts";
import type { Work } from "./people.ts";

/** What is known of an agent's work, in a line of pairs. */
export function Facts({ work }: { readonly work: Work }): JSX.Element {
  useValue(halfMinute);
  const { run, held, agent } = work;
  const words = say.agents.facts;
  const facts: readonly (readonly [string, JSX.Element | string | null | undefined])[] = [
    [words.agent, run === undefined ? agent : `${agent} (${run.adapter})`],
    [words.run, run?.run],
    [words.since, timeOf(run?.started ?? run?.at ?? held?.since)],
    [words.ended, timeOf(run?.ended)],
    [words.claim, held?.until == null ? null : timeLeft(held.until)],
    [words.attempt, run === undefined || run.tries < 2 ? null : number(run.tries)],
    [words.tokens, run?.tokens == null ? null : number(run.tokens)],
    [words.cost, money(run?.cost)],
    [words.worktree, run?.worktree],
    [words.why, run?.why],
  ];
  return (
    <dl class="facts">
      <div>
        <dt class="sr">{words.state}</dt>
        <dd>
          <Standing work={work} />
          {run?.review === true ? ` ${say.agents.review}` : ""}
        </dd>
      </div>
      {facts.map(([name, value]) =>
        value == null || value === "" ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function timeOf(time: string | null | undefined): JSX.Element | null {
  if (time == null) return null;
  return (
    <time dateTime={time} title={fullTime(time)}>
      {ago(time)}
    </time>
  );
}
