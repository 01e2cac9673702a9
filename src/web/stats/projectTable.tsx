import type { JSX } from "preact";
import { projects } from "../data/projectList.ts";
import { offered, type Project, projectQuery } from "../data/projects.ts";
import { Dot } from "../page/dot.tsx";
import { hrefOf, route, setParams } from "../page/router.ts";
import { useValue } from "../page/state.ts";

/** Chooses the project whose tickets are counted. */
export function ProjectChoice({ chosen }: { readonly chosen: string }): JSX.Element | null {
  const known = useValue(projects);
  const some = offered(known, chosen);
  if (some.length === 0) return null;
  return (
    <label>
      Project{" "}
      <select value={chosen} onChange={(event) => setParams({ project: event.currentTarget.value })}>
        <option value="">all projects</option>
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
    <section class="chart projects" aria-label="Projects">
      <h2>Projects</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">project</th>
            <th scope="col">open</th>
            <th scope="col">done</th>
            <th scope="col">due</th>
            <th scope="col">progress</th>
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
  const facts = [status === "active" ? null : (status ?? "no file"), lead].filter((fact) => fact !== null);
  return (
    <tr>
      <th scope="row">
        <Dot color={color} /> <a href={hrefOf("stats", { ...params, project: slug })}>{name}</a>{" "}
        <span class="hint">{facts.join(", ")}</span>
      </th>
      <td>
        <a
          href={hrefOf("board", { q: projectQuery(slug) })}
          aria-label={`${tickets.open} open of ${name}, on the board`}
        >
          {tickets.open}
        </a>
      </td>
      <td>{tickets.done}</td>
      <td>{due ?? ""}</td>
      <td class="bars">
        <i class="done" style={{ width: `${progress ?? 0}%` }} /> {progress === null ? "" : `${progress}%`}
      </td>
    </tr>
  );
}
