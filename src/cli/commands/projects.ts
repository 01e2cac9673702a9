import { invoke } from "../../actions/input/action.ts";
import { PROJECT_FIELDS, type ProjectJson } from "../../actions/project/projectJson.ts";
import { projectList as listAction, type ProjectList } from "../../actions/project/projectList.ts";
import { type ProjectShown, projectShow as showAction } from "../../actions/project/projectShow.ts";
import { dueEnd } from "../../ticket/moments.ts";
import { colourOf, warnProblems } from "../print/line.ts";
import { plain } from "../print/print.ts";
import { fillTo, widthOf } from "../print/width.ts";
import type { Answer, Command, Context } from "../table/command.ts";
import { flagsOf } from "../table/flagsOf.ts";

/** `ayo project list`. */
export const projectList: Command = {
  name: "project list",
  summary: listAction.summary,
  positionals: [],
  flags: flagsOf(listAction.input),
  examples: [
    ["ayo project list", "active ones first"],
    ["ayo project list --all", "archived ones too"],
    ["ayo project list --json --fields slug,progress", "only some fields"],
  ],
  fields: { of: "a project", allowed: PROJECT_FIELDS },
  run: async (context, { flags }): Promise<Answer> => {
    const answer = await invoke(listAction, context.store(), flags as never);
    warnProblems(context, answer.problems);
    return { json: { ...answer }, text: table(answer, context), ids: answer.projects.map(({ slug }) => slug) };
  },
};

/** `ayo project show <project>`. */
export const projectShow: Command = {
  name: "project show",
  summary: showAction.summary,
  positionals: [{ name: "project", required: true, complete: "project" }],
  flags: flagsOf(showAction.input, { omit: ["project"] }),
  examples: [
    ["ayo project show web", "its tickets by how they stand, and its last weeks"],
    ["ayo project show web --weeks 26", "half a year of them"],
    ["ayo project show web --json", "for programs"],
  ],
  run: async (context, { words: [project = ""], flags }): Promise<Answer> => {
    const answer = await invoke(showAction, context.store(), { ...flags, project } as never);
    return { json: { ...answer }, text: page(answer, context), ids: [answer.project.slug] };
  },
};

function table({ projects, archived }: ProjectList, context: Context): string {
  const { paint } = context;
  const hidden =
    archived === 0 || projects.some(({ status }) => status === "archived") ? [] : [`${archived} archived: --all`];
  if (projects.length === 0) return ["no projects: 'ayo ticket create --project NAME' names one", ...hidden].join("\n");
  const rows = projects.map((project) => [project.slug, project.status ?? "no file", ...countsOf(project)].map(plain));
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? "")))) ?? [];
  const lines = rows.map((row, at) => {
    const left = row.map((cell, column) => fillTo(cell, widths[column] ?? 0)).join("  ");
    return `${left}  ${factsOf(projects[at] as ProjectJson, context)}`.trimEnd();
  });
  return [...lines, ...hidden.map(paint.dim)].join("\n");
}

/** `3 open`, `5 closed`, `62%`. */
function countsOf({ tickets: { open, closed }, progress }: ProjectJson): string[] {
  return [`${open} open`, `${closed} closed`, progress === null ? "" : `${progress}%`];
}

/** `Web Shop (teal, @mara, due 2026-12-24)`. */
function factsOf({ slug, name, color, lead, due, status }: ProjectJson, { paint, host }: Context): string {
  const isLate = due !== null && status === "active" && (dueEnd(due) ?? Number.POSITIVE_INFINITY) <= host.now();
  const until = due === null ? [] : [isLate ? paint.red(`overdue ${plain(due)}`) : `due ${plain(due)}`];
  const facts = [...[color, lead].flatMap((fact) => (fact === null ? [] : [plain(fact)])), ...until];
  const title = name === slug ? "" : plain(name);
  return `${title}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`.trim();
}

function page(answer: ProjectShown, context: Context): string {
  const { paint } = context;
  const { project, total, truncated, tickets } = answer;
  const [open, closed, percent] = countsOf(project);
  const counts = [open, closed, ...(percent === "" ? [] : [`${percent} done`])].join(", ");
  const head = `${paint.bold(plain(project.slug))}  ${factsOf(project, context)}`.trimEnd();
  const standing = project.status === null ? "no file: only tickets name it" : project.status;
  const description = plain(project.description);
  const more = truncated ? [paint.dim(`${tickets.length} of ${total}; --limit ${total} for all`)] : [];
  return [
    [head, `${standing}; ${counts}`],
    description === "" ? [] : [description],
    [...ticketLines(answer, context), ...more],
    total === 0 ? [] : weekLines(answer),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function ticketLines({ tickets }: ProjectShown, { paint }: Context): string[] {
  return tickets.map(({ id, title, status, category, priority, assignee }) => {
    const who = assignee === null ? "" : ` (${paint.yellow(plain(assignee))})`;
    const state = colourOf(category, paint)(`[${plain(status)}]`);
    return `${paint.cyan(plain(id).padEnd(8))} [P${priority}]${state} - ${plain(title)}${who}`;
  });
}

/** What was made, closed and open in the weeks in which there was something. */
function weekLines({ weeks }: ProjectShown): string[] {
  const from = weeks.findIndex(({ created, closed, open }) => created > 0 || closed > 0 || open > 0);
  if (from < 0) return [];
  return [
    "week      created  closed  open",
    ...weeks
      .slice(from)
      .map(({ week, created, closed, open }) =>
        [week, String(created).padStart(7), String(closed).padStart(6), String(open).padStart(4)].join("  "),
      ),
  ];
}
