import type { JSX } from "preact";
import { projects } from "../data/projectList.ts";
import { offered, type Project, projectQuery } from "../data/projects.ts";
import { Dot } from "../page/dot.tsx";
import { hrefOf, route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";
import { dayText } from "../page/times.ts";
import { capital, number, percent } from "../words/forms.ts";
import { say } from "../words/say.ts";

/** Chooses the project whose tickets are counted. */
export function ProjectChoice({ chosen }: { readonly chosen: string }): JSX.Element | null {
  const known = useValue(projects);
  const some = offered(known, chosen);
  if (some.length === 0) return null;
  return (
    <label>
      {capital(say.fields.project)}{" "}
      <select value={chosen} onChange={(event) => setParams({ project: event.currentTarget.value })}>
        <option value="">{say.board.allProjects}</option>
        {some.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How far each project is: a way to its tickets on the board, and to its charts. */
export function ProjectTable({ chosen }: { readonly chosen: string }): JSX.Element | null {
  const some = offered(useValue(projects), chosen);
  if (some.length === 0) return null;
  return (
    <section class="chart projects" aria-label={say.stats.projects}>
      <h2>{say.stats.projects}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.fields.project}</th>
            <th scope="col">{say.stats.open}</th>
            <th scope="col">{say.stats.done}</th>
            <th scope="col">{say.fields.due}</th>
            <th scope="col">{say.stats.progress}</th>
          </tr>
        </thead>
        <tbody>
          {some.map((project) => (
            <Row key={project.slug} project={project} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ project: { slug, name, color, status, lead, due, tickets, progress } }: { readonly project: Project }) {
  const { params } = route.get();
  const facts = [status === "active" ? null : say.standing[status ?? "none"], lead].filter((fact) => fact !== null);
  return (
    <tr>
      <th scope="row">
        <Dot color={color} /> <a href={hrefOf("stats", { ...params, project: slug })}>{name}</a>{" "}
        <span class="hint">{facts.join(", ")}</span>
      </th>
      <td>
        <a href={hrefOf("board", { q: projectQuery(slug) })} aria-label={say.stats.openOf(tickets.open, name)}>
          {number(tickets.open)}
        </a>
      </td>
      <td>{number(tickets.done)}</td>
      <td>{dayText(due ?? "")}</td>
      <td class="bars">
        <i class="done" style={{ width: `${progress ?? 0}%` }} /> {progress === null ? "" : percent(progress)}
      </td>
    </tr>
  );
}
