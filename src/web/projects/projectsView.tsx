import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { call, refusal } from "../data/api.ts";
import type { Model } from "../data/model.ts";
import { readProjects } from "../data/projectList.ts";
import type { Project } from "../data/projects.ts";
import { Unanswered, useAnswer } from "../data/useAnswer.tsx";
import { Dot } from "../page/dot.tsx";
import { draftName, useDraft } from "../page/drafts.ts";
import { hrefOf, navigate, route } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { toast } from "../page/toasts.tsx";
import { say } from "../words/say.ts";
import { Progress } from "./progress.tsx";
import { ProjectPage } from "./projectPage.tsx";

/** All projects, or the page of the one that the address names. */
export function ProjectsView({ model }: { readonly model: Model }): JSX.Element {
  const { id } = useValue(route);
  return id === "" ? <ProjectList model={model} /> : <ProjectPage key={id} slug={id} model={model} />;
}

interface List {
  readonly projects: readonly Project[];
  readonly archived: number;
  readonly problems: readonly { readonly path: string; readonly line: number; readonly message: string }[];
}

function ProjectList({ model }: { readonly model: Model }): JSX.Element {
  const { all = "" } = useValue(route).params;
  const { workflow } = model.config;
  const { answer, problem, read } = useAnswer<List>(all === "" ? "/projects" : "/projects?all=true");
  useEffect(() => {
    document.title = `${say.header.projects} · ${workflow} · ayo`;
  }, [workflow]);
  return (
    <div class="pages">
      <h1>{say.header.projects}</h1>
      <NewProject />
      {answer === undefined ? <Unanswered problem={problem} read={read} /> : <Rows {...answer} all={all} />}
    </div>
  );
}

function Rows({ projects, archived, problems, all }: List & { readonly all: string }): JSX.Element {
  return (
    <>
      {problems.map(({ path, line, message }) => (
        <p key={path} class="notice">
          {path}:{line}: {message}
        </p>
      ))}
      {projects.length === 0 ? <p class="empty">{say.projects.none}</p> : <Table projects={projects} />}
      {archived === 0 ? null : (
        <a href={hrefOf("projects", { all: all === "" ? "1" : "" })}>
          {all === "" ? say.projects.archived(archived) : say.projects.withoutArchived}
        </a>
      )}
    </>
  );
}

function Table({ projects }: Pick<List, "projects">): JSX.Element {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{say.fields.project}</th>
          <th scope="col">{say.stats.progress}</th>
          <th scope="col">{say.projects.lead}</th>
          <th scope="col">{say.fields.due}</th>
        </tr>
      </thead>
      <tbody>
        {projects.map(({ slug, name, color, status, lead, due, tickets, progress }) => (
          <tr key={slug}>
            <th scope="row">
              <Dot color={color} />{" "}
              <a href={hrefOf("projects", {}, slug)} dir="auto">
                {name}
              </a>{" "}
              {status === "active" ? null : <span class="hint">{say.standing[status ?? "none"]}</span>}
            </th>
            <td>
              <Progress of={progress} /> <span class="hint">{say.projects.left(tickets.open)}</span>
            </td>
            <td>{lead}</td>
            <td>{dayText(due ?? "")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A line that makes a project of a name, and leads to its page. */
function NewProject(): JSX.Element {
  const draft = useDraft(draftName("project", ""));
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = draft.text.trim();
    if (name === "") return;
    try {
      const { project } = await call<{ project: { slug: string } }>("/projects", { body: { name } });
      draft.put("");
      void readProjects();
      navigate(hrefOf("projects", {}, project.slug));
    } catch (error) {
      toast({ text: refusal(error), kind: "error" });
    }
  };
  return (
    <form class="toolbar" onSubmit={(event) => void make(event)}>
      <input
        aria-label={say.projects.newName}
        placeholder={say.projects.newName}
        dir="auto"
        maxLength={200}
        value={draft.text}
        onInput={(event) => draft.put(event.currentTarget.value)}
      />
      <button type="submit">{say.projects.create}</button>
    </form>
  );
}
