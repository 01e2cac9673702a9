import type { JSX } from "preact";
import { projects } from "../../data/projectList.ts";
import { offered, type Project, projectQuery } from "../../data/projects.ts";
import { setParams } from "../../page/router.ts";
import { useValue } from "../../page/state.ts";
import { capital } from "../../words/forms.ts";
import { say } from "../../words/say.ts";

/** The word of a filter that asks for one project. */
const WORD = /(^|\s)project:(?:"([^"]*)"|([^\s",]+))(?=\s|$)/i;

/** Chooses a project by its name: a word of the filter, which can be typed as well. */
export function ProjectFilter({ q }: { readonly q: string }): JSX.Element | null {
  const known = useValue(projects);
  const word = projectIn(q);
  const some = offered(known, word);
  if (some.length === 0) return null;
  const chosen = known.find(word)?.slug ?? "";
  return (
    <label>
      <span class="for">{capital(say.fields.project)} </span>
      <select
        aria-label={capital(say.fields.project)}
        value={chosen}
        onChange={(event) => setParams({ q: withProject(q, event.currentTarget.value) })}
      >
        <option value="">{say.board.allProjects}</option>
        {some.map((project) => (
          <option key={project.slug} value={project.slug}>
            {textOf(project)}
          </option>
        ))}
      </select>
    </label>
  );
}

function textOf({ name, status }: Project): string {
  return status === "archived" || status === "completed" ? `${name} (${say.standing[status]})` : name;
}

/** The project that a filter asks for; "" for none. */
function projectIn(q: string): string {
  const [, , quoted, plain = ""] = WORD.exec(q) ?? [];
  return quoted ?? plain;
}

/** A filter that asks for this project instead of another; "" for any. */
function withProject(q: string, slug: string): string {
  const rest = q.replace(WORD, "$1").replaceAll(/\s+/g, " ").trim();
  const word = slug === "" ? "" : projectQuery(slug);
  return [word, rest].filter((part) => part !== "").join(" ");
}
