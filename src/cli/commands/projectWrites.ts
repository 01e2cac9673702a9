import { invoke } from "../../actions/input/action.ts";
import { projectCreate as createAction } from "../../actions/project/projectCreate.ts";
import {
  projectArchive as archiveAction,
  projectComplete as completeAction,
  projectEdit as editAction,
  projectReopen as reopenAction,
} from "../../actions/project/projectEdit.ts";
import { deedLine } from "../print/deed.ts";
import { warnWritten } from "../print/line.ts";
import { plain } from "../print/print.ts";
import type { Answer, Command } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo project create <name>`. */
export const projectCreate: Command = {
  name: "project create",
  summary: createAction.summary,
  positionals: [{ name: "name", required: true }],
  flags: flagsOf(createAction.input, { omit: ["name"] }),
  examples: [
    ["ayo project create 'Web Shop' --color teal --lead @mara", "prints the slug that tickets name: web-shop"],
    ["ayo project create 'Web Shop' --slug web --due 2026-12-24", "with a slug of your own"],
  ],
  run: async (context, { words: [name = ""], flags }): Promise<Answer> => {
    const store = context.store({ create: true });
    const { project, renamed, ...written } = await invoke(createAction, store, { ...flags, name } as never);
    warnWritten(context, written);
    if (renamed.length > 0)
      context.warn(`note: named it otherwise, and name ${project.slug} now: ${renamed.join(", ")}`);
    const text = written.dryRun ? `Would create project ${project.slug}: ${plain(project.name)}` : project.slug;
    return { json: { project, renamed, ...written }, text, ids: written.dryRun ? [] : [project.slug] };
  },
};

type Changing = typeof editAction | typeof completeAction;

function changing(action: Changing, verb: string, did: string, examples: Command["examples"]): Command {
  return {
    name: `project ${verb}`,
    summary: action.summary,
    positionals: [{ name: "project", required: true, complete: "project" }],
    flags: flagsOf(action.input, { omit: ["project"] }),
    examples,
    run: async (context, { words: [project = ""], flags }): Promise<Answer> => {
      const answer = await invoke(action as typeof editAction, context.store(), { ...flags, project } as never);
      warnWritten(context, answer);
      if (answer.renamed.length > 0)
        context.warn(`note: name ${answer.project.slug} now: ${answer.renamed.join(", ")}`);
      const { slug, status } = answer.project;
      const what = verb === "edit" ? `: ${answer.changed.join(", ")}` : "";
      const text = deedLine(answer, {
        did: `${did} ${slug}${what}`,
        would: `Would ${verb} ${slug}${what}`,
        same: `${slug}: already ${verb === "edit" ? "so" : status}`,
      });
      return { json: { ...answer }, text, ids: [slug] };
    },
  };
}

/** `ayo project edit <project>`. */
export const projectEdit = changing(editAction, "edit", "Changed", [
  ["ayo project edit web --name 'Shop' --due 2w", "what else the file says stays"],
  ["ayo project edit web --lead ''", "nobody leads it"],
  ["ayo project edit web --slug shop", "its tickets name the new slug; the old one means it still"],
]);

/** `ayo project complete <project>`. */
export const projectComplete = changing(completeAction, "complete", "Completed", [
  ["ayo project complete web", "its tickets stay as they are"],
]);

/** `ayo project archive <project>`. */
export const projectArchive = changing(archiveAction, "archive", "Archived", [
  ["ayo project archive web", "out of the way; its tickets are found as ever"],
]);

/** `ayo project reopen <project>`. */
export const projectReopen = changing(reopenAction, "reopen", "Reopened", [["ayo project reopen web", "active again"]]);
