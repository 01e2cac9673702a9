import { projectFinder } from "../../ticket/project.ts";

/** A project as the page knows it: with a file, or only named by tickets (then without a status). */
export interface Project {
  readonly slug: string;
  readonly name: string;
  readonly color: string | null;
  readonly status: "active" | "completed" | "archived" | null;
  readonly was: readonly string[];
  readonly lead: string | null;
  readonly due: string | null;
  readonly tickets: { readonly total: number; readonly open: number; readonly closed: number; readonly done: number };
  /** Percent of its tickets that are done; null where there are none. */
  readonly progress: number | null;
}

/** What is known of all projects, and which one a word of a ticket means. */
export interface Projects {
  readonly all: readonly Project[];
  readonly find: (word: string) => Project | undefined;
}

/** What a list of projects tells. */
export function projectsOf(all: readonly Project[]): Projects {
  const bySlug = new Map(all.map((one) => [one.slug, one]));
  const slugOf = projectFinder(all);
  return { all, find: (word) => bySlug.get(slugOf(word) ?? "") };
}

/** Those that are offered: archived ones are out of the way, but for one that was chosen. */
export function offered({ all, find }: Projects, chosen: string): readonly Project[] {
  const one = find(chosen);
  return all.filter((project) => project.status !== "archived" || project === one);
}

/** The filter for the tickets of a project. */
export function projectQuery(slug: string): string {
  return `project:${/[\s,]/.test(slug) ? `"${slug}"` : slug}`;
}
