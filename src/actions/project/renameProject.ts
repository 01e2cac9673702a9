import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { assertInside } from "../../store/files/storePaths.ts";
import type { Store } from "../../store/open/store.ts";
import { namedIn, readProjects, type StoredProject } from "../../store/projects/projectFiles.ts";
import { projectFinder, projectPath, slugFault } from "../../ticket/project.ts";
import { badSlug } from "./projectErrors.ts";

/**
 * The slug that a project is to have from now on. Who names it by an old one still means it: tickets of the archive, and
 * of machines that have not heard of it.
 * @throws bad_input
 */
export function newSlugOf(given: string | undefined, project: StoredProject): string {
  const slug = given?.trim() ?? project.slug;
  const why = slug === project.slug ? undefined : slugFault(slug);
  if (why === undefined) return slug;
  throw badSlug(slug, why);
}

/** The old slugs of a project that gets another one. */
export function oldSlugs({ slug, was }: StoredProject, next: string): string[] {
  return [...new Set([...was, slug])].filter((one) => one !== next);
}

/**
 * Whether a slug can be given to a project, or, where it is one that `own` had, back to it.
 * @throws duplicate, also for a name that differs in case alone: not every disk tells these apart; and for what another one
 * was called: tickets of the archive still mean that one by it
 */
export async function assertFree({ dir }: Store, draft: Draft, slug: string, own?: string): Promise<void> {
  const file = projectPath(slug);
  assertInside(dir, file);
  const { projects, problems } = await readProjects(dir);
  const found = [...projects, ...problems].find(({ path }) => path.toLowerCase() === file.toLowerCase());
  const heir = oldOwner(projects, slug, own);
  if (heir !== undefined) {
    throw new AyoError("duplicate", `'${slug}' is an old slug of project ${heir}: --slug names another`, {
      try: ["ayo", "project", "show", heir],
      data: { project: heir },
    });
  }
  if (found === undefined && draft.look(file) === undefined) return;
  throw new AyoError("duplicate", `there is ${found?.path ?? file} already: --slug names another`, {
    try: ["ayo", "project", "show", slug],
    data: { project: slug },
  });
}

/** The project, but `own`, that had a slug before. */
export function oldOwner(
  projects: readonly Pick<StoredProject, "slug" | "was">[],
  slug: string,
  own?: string,
): string | undefined {
  const wanted = slug.toLowerCase();
  return projects.find((one) => one.slug !== own && one.was.some((old) => old.toLowerCase() === wanted))?.slug;
}

/** A name that others have too is no fault, but nobody can name one of them by it. */
export async function tellSameName({ dir }: Store, { notices }: Draft, project: StoredProject): Promise<void> {
  const { projects } = await readProjects(dir);
  const name = project.name.trim().toLowerCase();
  const others = projects.filter(
    (one) => one.slug !== project.slug && [one.name.trim(), one.slug].some((word) => word.toLowerCase() === name),
  );
  if (others.length === 0) return;
  const slugs = others.map(({ slug }) => slug).join(", ");
  notices.push(`'${project.name}' means ${slugs} too: say ${project.slug} where this project is meant`);
}

/** Has every ticket that means a project say this slug. Returns their ids. */
export async function renameIn(
  { dir }: Store,
  draft: Draft,
  means: Pick<StoredProject, "slug" | "name" | "was">,
  slug = means.slug,
): Promise<string[]> {
  const others = namedIn(await readProjects(dir)).filter((one) => one.slug !== means.slug);
  const find = projectFinder([...others, means]);
  const tickets = draft.view.tickets.filter(
    ({ fields: { project } }) => project !== undefined && project !== slug && find(project) === means.slug,
  );
  for (const ticket of tickets) await draft.patch(ticket, { project: slug });
  return tickets.map(({ id }) => id);
}
