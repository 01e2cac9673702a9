import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { call, refusal } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { projects, readProjects } from "../data/projectList.ts";
import { type Project, projectQuery } from "../data/projects.ts";
import { type Card, compareCards, isFinished } from "../data/shapes.ts";
import { PhaseRow } from "../data/shown/phaseRow.tsx";
import { StatusMark } from "../data/shown/statusMark.tsx";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { Dot } from "../page/dot.tsx";
import { useKeys } from "../page/keys.ts";
import { hrefOf, ticketHref } from "../page/router.ts";
import { type Stage, Stages } from "../page/stages.tsx";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { toast } from "../page/toasts.tsx";
import { number } from "../words/forms.ts";
import { say } from "../words/say.ts";
import { Markdown } from "../writing/markdown.tsx";
import { treesSoon } from "../writing/trees.ts";
import { peopleOf } from "./people.ts";
import { Progress } from "./progress.tsx";
import { ProjectForm, useTouched } from "./projectForm.tsx";

/** A project with what its file says. */
export interface FullProject extends Project {
  readonly description: string;
  readonly version: string | null;
}

/** So many tickets are listed; the board has all. */
const LISTED = 50;

/** A project: what it is about, how far it is, who works on it, and its tickets. */
export function ProjectPage({ slug, model }: { readonly slug: string; readonly model: Model }): JSX.Element {
  const { answer, problem, read } = useAnswer<{ project: FullProject }>(
    `/projects/${encodeURIComponent(slug)}?limit=1&weeks=1`,
    ({ project }) => treesSoon([{ text: project.description }]),
  );
  const { find } = useValue(projects);
  const name = answer?.project.name ?? slug;
  useEffect(() => {
    document.title = `${name} · ${say.header.projects} · ayo`;
  }, [name]);
  useKeys(({ key, target }) => {
    if (key !== "e" || !(target instanceof Element)) return false;
    const edit = document.querySelector<HTMLElement>(".pages [data-edit]");
    edit?.click();
    return edit !== null;
  });
  if (answer === undefined) return <Unanswered problem={problem} read={read} />;
  const own = answer.project.slug;
  const cards = [...model.cards.values()].filter(
    (card) => card.project !== null && (find(card.project)?.slug ?? card.project) === own,
  );
  const refresh = async (): Promise<void> => {
    await Promise.all([read(), readProjects()]);
  };
  return (
    <div class="pages">
      <nav class="crumbs" aria-label={say.ticket.where}>
        <a href={hrefOf("projects")}>{say.header.projects}</a> / <span>{own}</span>
      </nav>
      <Head project={answer.project} read={refresh} />
      <Columns model={model} cards={cards} slug={own} />
      <Tickets cards={cards} slug={own} />
      <People cards={cards} slug={own} />
    </div>
  );
}

function Head({ project, read }: { readonly project: FullProject; readonly read: () => Promise<void> }): JSX.Element {
  const { name, color, status, lead, due, tickets, progress, description } = project;
  const touched = useTouched(project);
  const facts = [
    say.standing[status ?? "none"],
    ...(lead === null ? [] : [say.projects.ledBy(lead)]),
    ...(due === null ? [] : [say.times.due(dayText(due))]),
  ];
  return (
    <>
      <h1 data-heading tabIndex={-1}>
        <Dot color={color} /> <span dir="auto">{name}</span>
      </h1>
      <p>
        {facts.join(", ")} · <Progress of={progress} />{" "}
        <span class="hint">{say.projects.counts(tickets.open, tickets.closed)}</span>
      </p>
      {touched.fields === undefined ? (
        <>
          {description === "" ? null : <Markdown text={description} />}
          <Buttons project={project} read={read} edit={() => touched.put({})} />
        </>
      ) : (
        <ProjectForm project={project} touched={touched} read={read} />
      )}
    </>
  );
}

const NEXT = { active: ["complete", "archive"], completed: ["reopen", "archive"], archived: ["reopen"] } as const;

function Buttons({
  project: { slug, name, status },
  read,
  edit,
}: {
  readonly project: FullProject;
  readonly read: () => Promise<void>;
  readonly edit: () => void;
}): JSX.Element {
  const send = async (path: string, body: unknown): Promise<void> => {
    try {
      const { notices } = await call<{ notices: readonly string[] }>(path, { body });
      for (const text of notices) toast({ text, kind: "note" });
    } catch (error) {
      toast({ text: refusal(error), kind: "error" });
    }
    await read();
  };
  // What only tickets name has no file yet.
  if (status === null)
    return (
      <div class="buttons">
        <button type="button" onClick={() => void send("/projects", { name, slug })}>
          {say.projects.makeFile}
        </button>
      </div>
    );
  return (
    <div class="buttons">
      <button type="button" data-edit onClick={edit}>
        {say.projects.edit}
      </button>
      {NEXT[status].map((verb) => (
        <button key={verb} type="button" onClick={() => void send(`/projects/${encodeURIComponent(slug)}/${verb}`, {})}>
          {say.projects[verb]}
        </button>
      ))}
    </div>
  );
}

/** Columns from left to right, by their phases where they have some: how many of the project's tickets are in each. */
function Columns({
  model: { columns },
  cards,
  slug,
}: {
  readonly model: Model;
  readonly cards: readonly Card[];
  readonly slug: string;
}): JSX.Element | null {
  if (cards.length === 0) return null;
  const stages = columns.flatMap(({ id, name, category, phase }): Stage[] => {
    if (phase !== undefined) return [];
    const count = cards.filter(({ status }) => status === id).length;
    if (count === 0) return [];
    const q = `${projectQuery(slug)} status:${id}`;
    return [
      { key: id, name, tone: category ?? "none", children: <a href={hrefOf("board", { q })}>{number(count)}</a> },
    ];
  });
  return (
    <>
      <PhaseRow columns={columns} cards={cards} query={projectQuery(slug)} />
      {stages.length === 0 ? null : <Stages stages={stages} label={say.board.columns} />}
    </>
  );
}

function Tickets({ cards, slug }: { readonly cards: readonly Card[]; readonly slug: string }): JSX.Element {
  const open = cards.filter((card) => !isFinished(card)).sort(compareCards);
  return (
    <section aria-label={say.board.tickets}>
      <h2>
        {say.board.tickets} <span class="count">{say.projects.left(open.length)}</span>
      </h2>
      <ul class="lines">
        {open.slice(0, LISTED).map(({ id, title, status, category, assignee, claim }) => (
          <li key={id}>
            <a href={ticketHref(id)}>
              <span class="id">{id}</span> <span dir="auto">{title}</span>
            </a>{" "}
            <StatusMark status={status} category={category} /> <span class="hint">{claim?.by ?? assignee}</span>
          </li>
        ))}
      </ul>
      <p>
        <a href={hrefOf("board", { q: projectQuery(slug) })}>{say.projects.onBoard}</a> ·{" "}
        <a href={hrefOf("stats", { project: slug })}>{say.stats.burndown}</a>
      </p>
    </section>
  );
}

function People({ cards, slug }: { readonly cards: readonly Card[]; readonly slug: string }): JSX.Element | null {
  const people = peopleOf(cards);
  if (people.length === 0) return null;
  return (
    <section aria-label={say.projects.people}>
      <h2>{say.projects.people}</h2>
      <ul class="lines">
        {people.map(({ name, open, done }) => (
          <li key={name}>
            <a href={hrefOf("board", { q: `${projectQuery(slug)} assignee:"${name.replaceAll('"', "")}"` })}>{name}</a>{" "}
            <span class="hint">{say.projects.counts(open, done)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
