import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { namedIn, type Projects, readProjects } from "../../store/projects/projectFiles.ts";
import { projectFinder } from "../../ticket/project.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { assertOneNamed } from "../project/projectErrors.ts";

/**
 * The project that a ticket is to name: the slug of the one that the word means, by slug or name; else the word.
 * @throws project_archived unless a person insists
 */
export async function projectField(
  { dir }: Store,
  draft: Pick<Draft, "actor">,
  { project: word, force }: { readonly project?: string | undefined; readonly force?: boolean | undefined },
  before?: string,
): Promise<{ readonly project?: string }> {
  if (word === undefined || word.trim() === "") return {};
  const all = await readProjects(dir);
  assertOneNamed(namedIn(all), word);
  const slug = projectFinder(namedIn(all))(word);
  if (slug === undefined) return {};
  const isArchived = before !== slug && all.projects.some((one) => one.slug === slug && one.status === "archived");
  if (isArchived && (draft.actor.agent || force !== true)) throw archived(slug, draft.actor.agent);
  return { project: slug };
}

/** What an agent brings in is no way into a project that is archived. @throws project_archived */
export function assertTakesMore(all: Projects, { fields: { project } }: Ticket, old: Ticket | undefined): void {
  if (project === undefined || project === old?.fields.project) return;
  const slug = projectFinder(namedIn(all))(project);
  if (all.projects.some((one) => one.slug === slug && one.status === "archived")) throw archived(slug ?? project, true);
}

function archived(slug: string, isAgent: boolean): AyoError {
  const how = isAgent ? "a person can do it with --force" : "--force does it all the same";
  return new AyoError("project_archived", `project ${slug} is archived: nothing is added to it; ${how}`, {
    try: ["ayo", "project", "reopen", slug],
    data: { project: slug },
  });
}
