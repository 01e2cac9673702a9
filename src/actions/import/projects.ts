import path from "node:path";
import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import type { Store } from "../../store/open/store.ts";
import { MAX_PROJECT, projectIn, readProjects } from "../../store/projects/projectFiles.ts";
import { isSlug, projectPath } from "../../ticket/project.ts";
import { oldOwner } from "../project/renameProject.ts";
import { namesIn, readForeignText } from "./directory.ts";

/** A project's file of a source. */
export interface ForeignProject {
  readonly slug: string;
  readonly text: string;
}

/** The files of projects in a folder of ayo's, and those that cannot be read in sentences. */
export function folderProjects(dir: string, shown: string): { projects: ForeignProject[]; notices: string[] } {
  const projects: ForeignProject[] = [];
  const notices: string[] = [];
  for (const name of namesIn(path.join(dir, "projects"))) {
    if (!/^[^.].*\.md$/.test(name) || /^readme\.md$/i.test(name)) continue;
    try {
      projects.push({ slug: name.slice(0, -3), text: readForeignText(path.join(dir, "projects", name)) });
    } catch (error) {
      if (!(error instanceof AyoError)) throw error;
      notices.push(`${path.join(shown, "projects", name)} is left out: ${error.message}`);
    }
  }
  return { projects, notices };
}

/** Puts projects of a source where there are none of their slugs; what is left as it is comes back in sentences. */
export async function takeProjects(
  { dir }: Store,
  draft: Draft,
  projects: readonly ForeignProject[],
): Promise<string[]> {
  if (projects.length === 0) return [];
  const { projects: here, problems } = await readProjects(dir);
  const paths = new Map([...here, ...problems].map((one) => [one.path.toLowerCase(), one.path]));
  const left: string[] = [];
  for (const { slug, text } of projects) {
    const heir = oldOwner(here, slug, slug);
    const old = heir === undefined ? undefined : `that is an old slug of ${heir}, which is here`;
    const why = old ?? (await takeOne(draft, paths, { slug, text }));
    if (why !== undefined) left.push(`project ${slug.slice(0, 80)} is not imported: ${why}`);
  }
  return left;
}

/** Why it is left out. */
async function takeOne(
  draft: Draft,
  paths: Map<string, string>,
  { slug, text }: ForeignProject,
): Promise<string | undefined> {
  if (!isSlug(slug)) return "that is no slug";
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_PROJECT) return `it is longer than ${MAX_PROJECT / 1024} KiB`;
  const read = await projectIn(bytes, slug);
  if (!("slug" in read)) return read.message;
  const file = projectPath(slug);
  const other = paths.get(file.toLowerCase());
  if (other === undefined) {
    paths.set(file.toLowerCase(), file);
    draft.put(file, text);
    return undefined;
  }
  const isSame = other === file && draft.look(file)?.toString("utf8") === text;
  return isSame ? undefined : `${other} is here already and says something else`;
}
