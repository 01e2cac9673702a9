import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { projectIn, type StoredProject } from "../../store/projects/projectFiles.ts";
import { slugFault, slugOf } from "../../ticket/project.ts";
import { formatProject } from "../../ticket/text/formatProject.ts";
import { action, change, optionalText, text, type Written, writeOptions } from "../input/action.ts";
import { badSlug, brokenProject } from "./projectErrors.ts";
import { assertFree, renameIn, tellSameName } from "./renameProject.ts";
import { assertFits, valuesOf } from "./writeProject.ts";

/** What `project create` answers. */
export interface ProjectMade extends Written {
  readonly project: StoredProject;
  /** Ids of tickets that named it otherwise, and name its slug now. */
  readonly renamed: readonly string[];
}

/** `ayo project create <name>`. */
export const projectCreate = action({
  name: "project create",
  summary: "Make a project's file and print its slug",
  writes: true,
  input: v.object({
    name: text("what people call it"),
    slug: optionalText("the word by which tickets name it; made of the name unless told"),
    color: optionalText("a colour by name (red, teal, …), or #rrggbb"),
    lead: optionalText("who leads it"),
    due: optionalText("a date, or a duration from now"),
    description: optionalText("what it is about, in markdown"),
    as: writeOptions.as,
    dryRun: writeOptions.dryRun,
  }),
  run: async (store, { slug: given, ...input }): Promise<ProjectMade> => {
    const outcome = await change(store, input, async (draft) => {
      const values = valuesOf(input, draft.view.now);
      const name = values.name ?? "";
      const slug = slugFor(name, given);
      await assertFree(store, draft, slug);
      const { color = null, lead = null, due = null, description = "" } = values;
      const source = formatProject({ name, color, lead, due, description, status: "active" });
      assertFits(source);
      const project = await projectIn(Buffer.from(source), slug);
      if (!("slug" in project)) throw brokenProject(project);
      await tellSameName(store, draft, project);
      draft.put(project.path, source);
      const renamed = await renameIn(store, draft, project);
      const subject = `create project ${slug}: ${name}`;
      const event = renamed.length === 0 ? {} : { event: "updated" };
      return { result: { project, renamed }, sentence: { subject, tickets: renamed, ...event } };
    });
    return { ...outcome.written, ...outcome.result };
  },
});

/** @throws bad_input */
function slugFor(name: string, given: string | undefined): string {
  const slug = given?.trim() ?? slugOf(name);
  if (slug === undefined) {
    throw new AyoError("bad_input", `'${name}' makes no slug: give one with --slug`, { data: { field: "slug" } });
  }
  const why = slugFault(slug);
  if (why === undefined) return slug;
  throw badSlug(slug, given === undefined ? `${why}: give another with --slug` : why);
}
