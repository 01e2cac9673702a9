import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useKeys } from "../page/keys.ts";
import { hrefOf, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { ago, fullTime, halfMinute } from "../page/times.ts";
import { say } from "../words/say.ts";
import { money } from "./log/logLines.ts";
import { lastWords, type Person, standingOf, type Work } from "./people.ts";

/** So many runs that are over are shown of each agent at first. */
const FIRST = 5;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

/** The agents with what each does and did; walking through it shows it beside. */
export function AgentList({
  people,
  chosen,
}: {
  readonly people: readonly Person[];
  readonly chosen: string;
}): JSX.Element {
  const box = useRef<HTMLElement>(null);
  useKeys(({ key, target }) => {
    const at = target instanceof Element ? target : document.body;
    if (at !== document.body && at.id !== "main" && box.current?.contains(at) !== true) return false;
    const step = STEPS[key];
    if (step === undefined) return false;
    const stops = [...(box.current?.querySelectorAll<HTMLElement>("[data-stop]") ?? [])];
    const here = stops.findIndex((stop) => stop.dataset.stop === chosen);
    // Coming from elsewhere it goes on where it is.
    const isHere = box.current?.contains(at) === true;
    const next = stops[Math.max(0, Math.min(isHere ? here + step : Math.max(0, here), stops.length - 1))];
    next?.focus();
    if (next !== undefined && isHere) setParams({ run: next.dataset.stop ?? "" });
    return stops.length > 0;
  });
  return (
    <nav class="people" aria-label={say.agents.list} ref={box}>
      {people.map((person) => (
        <PersonView key={person.name} person={person} chosen={chosen} />
      ))}
    </nav>
  );
}

function PersonView({ person, chosen }: { readonly person: Person; readonly chosen: string }): JSX.Element {
  const { name, worktree, assigned, now, past } = person;
  const [isAll, setAll] = useState(false);
  const isFree = assigned + now.length + past.length === 0;
  const shown = isAll ? past : past.filter((work, n) => n < FIRST || work.key === chosen);
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <p class="hint">
        {assigned === 0 ? "" : say.agents.assigned(assigned)}
        {isFree && worktree === null ? say.agents.free : ""}
        {worktree === null ? null : (
          <span title={worktree}>
            {assigned === 0 ? "" : " · "}
            {worktree.split("/").at(-1)}
          </span>
        )}
      </p>
      <ul>
        {[...now, ...shown].map((work) => (
          <WorkLine key={work.key} work={work} isChosen={work.key === chosen} />
        ))}
      </ul>
      {shown.length < past.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {say.agents.older(past.length - shown.length)}
        </button>
      ) : null}
    </section>
  );
}

function WorkLine({ work, isChosen }: { readonly work: Work; readonly isChosen: boolean }): JSX.Element {
  const { key, ticket, title, run } = work;
  const said = lastWords(work);
  return (
    <li>
      <a
        href={hrefOf("agents", { run: key })}
        data-stop={key}
        {...(isChosen ? { "aria-current": "true" as const } : {})}
      >
        <span class="about">
          <Standing work={work} />
          <span class="hint">
            <Since work={work} /> {money(run?.cost)}
          </span>
        </span>
        <span class="title">
          <span class="id">{run?.run ?? ticket}</span> {title}
        </span>
        {said === "" ? null : (
          <span class="said" dir="auto">
            {said}
          </span>
        )}
      </a>
    </li>
  );
}

/** How a run stands, in a word. */
export function Standing({ work: { run } }: { readonly work: Work }): JSX.Element {
  const standing = run === undefined ? "held" : standingOf(run);
  return <span class={`standing ${standing}`}>{say.agents.standing[standing]}</span>;
}

function Since({ work: { run, held } }: { readonly work: Work }): JSX.Element | null {
  useValue(halfMinute);
  const at = run?.ended ?? run?.started ?? run?.at ?? held?.since ?? null;
  if (at === null) return null;
  return (
    <time dateTime={at} title={fullTime(at)}>
      {ago(at)}
    </time>
  );
}
