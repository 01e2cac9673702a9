import * as v from "valibot";
import type { Problem } from "../../ticket/ticket.ts";
import { action, flag } from "../input/action.ts";
import { allProjects, type ProjectJson } from "./projectJson.ts";

/** What `project list` answers. */
export interface ProjectList {
  /** Active ones first, then those that only tickets name, then completed ones. */
  readonly projects: readonly ProjectJson[];
  readonly total: number;
  /** How many are archived, and left out unless `all` is set. */
  readonly archived: number;
  readonly problems: readonly Problem[];
}

/** `ayo project list`. */
export const projectList = action({
  name: "project list",
  summary: "List projects: how far each is, when it is due, who leads it",
  writes: false,
  input: v.object({ all: flag("archived ones too") }),
  run: async (store, { all: wantsAll }): Promise<ProjectList> => {
    const { all, problems } = await allProjects(store);
    const known = all.map(({ project }) => project);
    const archived = known.filter(({ status }) => status === "archived").length;
    const projects = wantsAll ? known : known.filter(({ status }) => status !== "archived");
    return { projects, total: projects.length, archived, problems };
  },
});
