import * as v from "valibot";
import { PROJECT_STATES } from "../../ticket/project.ts";
import { action, optionalText, writeOptions } from "../input/action.ts";
import { projectInput } from "./projectShow.ts";
import { changeProject, type ProjectWritten } from "./writeProject.ts";

const { as, dryRun } = writeOptions;
const ifMatch = optionalText("refuse unless the project still has this version");

/** `ayo project edit <project>`. */
export const projectEdit = action({
  name: "project edit",
  summary: "Change what a project's file says, or its slug",
  writes: true,
  input: v.object({
    project: projectInput,
    name: optionalText("what people call it"),
    slug: optionalText("another word by which tickets name it; the old one means it still"),
    color: optionalText("a colour by name (red, teal, …), or #rrggbb; '' for none"),
    lead: optionalText("who leads it; '' for nobody"),
    due: optionalText("a date, or a duration from now; '' for none"),
    description: optionalText("what it is about, in markdown"),
    status: v.optional(v.pipe(v.picklist(PROJECT_STATES), v.description("how it stands"))),
    as,
    dryRun,
    ifMatch,
  }),
  run: (store, input): Promise<ProjectWritten> => changeProject(store, input, "edit"),
});

const one = v.object({ project: projectInput, as, dryRun, ifMatch });

/** `ayo project complete <project>`. */
export const projectComplete = action({
  name: "project complete",
  summary: "Say that a project is done",
  writes: true,
  input: one,
  run: (store, input): Promise<ProjectWritten> => changeProject(store, { ...input, status: "completed" }, "complete"),
});

/** `ayo project archive <project>`. */
export const projectArchive = action({
  name: "project archive",
  summary: "Put a project out of the way; its tickets stay",
  writes: true,
  input: one,
  run: (store, input): Promise<ProjectWritten> => changeProject(store, { ...input, status: "archived" }, "archive"),
});

/** `ayo project reopen <project>`. */
export const projectReopen = action({
  name: "project reopen",
  summary: "Make a completed or archived project active again",
  writes: true,
  input: one,
  run: (store, input): Promise<ProjectWritten> => changeProject(store, { ...input, status: "active" }, "reopen"),
});
