import path from "node:path";
import { AyoError } from "../../error.ts";
import { hashObject } from "../../git/objects/objects.ts";
import { isSlug, type NamedProject, type Project, projectKeys, projectPath } from "../../ticket/project.ts";
import { parseProject } from "../../ticket/text/parseProject.ts";
import type { Problem } from "../../ticket/ticket.ts";
import { decodeText, withYaml } from "../disk/readFile.ts";
import { bytesIn } from "../files/bytesIn.ts";
import { listStoreFolder, Unread } from "../files/storeFile.ts";

/** A longer description is a mistake or an attack; in bytes. */
export const MAX_PROJECT = 256 * 1024;

/** A project as it lies in the store. */
export interface StoredProject extends Project {
  readonly path: string;
  /** The blob id of its file's bytes. */
  readonly version: string;
}

/** The projects of a store, and files that cannot be read as one. */
export interface Projects {
  readonly projects: readonly StoredProject[];
  readonly problems: readonly Problem[];
}

/** A project by its slug; undefined where there is no such file, a problem where it cannot be read. */
export async function readProject(dir: string, slug: string): Promise<StoredProject | Problem | undefined> {
  const file = projectPath(slug);
  if (!isSlug(slug)) return { path: file, line: 0, code: "bad_name", message: "is no name of a project's file" };
  const bytes = bytesIn(dir, file, MAX_PROJECT);
  if (bytes === undefined) return undefined;
  return bytes instanceof Unread ? bytes.problem(file) : projectIn(bytes, slug);
}

/** The text of a project's file, where it is one that can be read. */
export async function projectText(dir: string, slug: string): Promise<string | undefined> {
  const bytes = isSlug(slug) ? bytesIn(dir, projectPath(slug), MAX_PROJECT) : undefined;
  if (bytes === undefined || bytes instanceof Unread) return undefined;
  return "slug" in (await projectIn(bytes, slug)) ? bytes.toString("utf8") : undefined;
}

/** The project that a file's bytes are, or what is wrong with them. */
export async function projectIn(bytes: Buffer, slug: string): Promise<StoredProject | Problem> {
  const file = projectPath(slug);
  try {
    const source = decodeText(bytes, file);
    const project = await withYaml((frontMatter) => parseProject(source, slug, frontMatter));
    return { ...project, path: file, version: hashObject("blob", bytes) };
  } catch (error) {
    if (!(error instanceof AyoError)) throw error;
    return { path: file, line: Number(error.data?.line ?? 0), code: error.code, message: error.message };
  }
}

/** All projects of a store, by their slugs. */
export async function readProjects(dir: string): Promise<Projects> {
  const projects: StoredProject[] = [];
  const problems: Problem[] = [];
  const names = listStoreFolder(path.join(dir, "projects"));
  if (names instanceof Unread) return { projects, problems: [names.problem("projects")] };
  for (const name of names ?? []) {
    if (!/^[^.].*\.md$/.test(name) || /^readme\.md$/i.test(name)) continue;
    const read = await readProject(dir, name.slice(0, -".md".length));
    if (read === undefined) continue;
    if ("slug" in read) projects.push(read);
    else problems.push(read);
  }
  return { projects, problems };
}

/** Tells by what words that mean the same project are alike; see `projectKeys`. */
export async function projectKeysOf(dir: string): Promise<(word: string) => string> {
  return projectKeys(namedIn(await readProjects(dir)));
}

/** What words mean the projects of a store; a file that cannot be read still has its slug. */
export function namedIn({ projects, problems }: Projects): NamedProject[] {
  const broken = problems.flatMap(({ path: file }) => {
    const slug = path.basename(file, ".md");
    return isSlug(slug) ? [{ slug, name: slug }] : [];
  });
  return [...projects, ...broken];
}
