import { state } from "../page/state.ts";
import { call } from "./api.ts";
import type { Model } from "./model.ts";
import { type Project, type Projects, projectsOf } from "./projects.ts";

/** The projects of the store, archived ones too. */
export const projects = state<Projects>(projectsOf([]));

let reading = 0;

/** Reads the projects; what was known stays where the server does not answer. */
export async function readProjects(): Promise<void> {
  const turn = ++reading;
  const answer = await call<{ projects: readonly Project[] }>("/projects?all=true", {
    orKept: projects.get().all.length === 0,
  }).catch(() => undefined);
  if (answer !== undefined && turn === reading) projects.set(projectsOf(answer.projects));
}

/** Forgets those of another store. */
export function forgetProjects(): void {
  reading++;
  projects.set(projectsOf([]));
}

/** Whether a ticket names a project that is not known yet. */
export function namesUnknown({ cards }: Model): boolean {
  const { find } = projects.get();
  for (const { project } of cards.values()) if (project !== null && find(project) === undefined) return true;
  return false;
}
