import * as v from "valibot";
import { isFinished, type View } from "../../store/disk/view.ts";
import { namedIn } from "../../store/projects/projectFiles.ts";
import { projectFinder, projectPath } from "../../ticket/project.ts";
import { CATEGORIES, type Category } from "../../ticket/rules/board.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import { compareReady } from "../../ticket/rules/readyOrder.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { parseTime } from "../../ticket/time.ts";
import { action, limitOf, text } from "../input/action.ts";
import { countCategories } from "../stats/counts.ts";
import { isoWeek, lastWeeks } from "../stats/times.ts";
import { assertOneNamed, brokenProject, noProject } from "./projectErrors.ts";
import { type AllProjects, allProjects, type ProjectJson, type WithTickets } from "./projectJson.ts";

/** As much of a ticket as the page of a project says. */
export interface ProjectTicket {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly category: Category | null;
  readonly priority: number;
  readonly assignee: string | null;
}

/** What `project show` answers. */
export interface ProjectShown {
  readonly project: ProjectJson & { readonly description: string };
  /** By their categories, as a board has them from left to right. */
  readonly tickets: readonly ProjectTicket[];
  readonly total: number;
  readonly truncated: boolean;
  readonly categories: Readonly<Record<Category, number>>;
  /** What was made and closed in each of the last ISO weeks (UTC), eight unless told, and what was open at its end. */
  readonly weeks: readonly {
    readonly week: string;
    readonly created: number;
    readonly closed: number;
    readonly open: number;
  }[];
}

/** As many tickets are told where nobody says. */
const LIMIT = 50;
const WEEKS = 8;
/** Ten years. */
const MOST_WEEKS = 520;

/** How a project is named. */
export const projectInput = text("the project's slug, or its name");

/** `ayo project show <project>`. */
export const projectShow = action({
  name: "project show",
  summary: "Show a project: its tickets, how far it is, what it is about",
  writes: false,
  input: v.object({
    project: projectInput,
    limit: limitOf("how many tickets; 50 unless told"),
    weeks: limitOf("how many weeks up to now; 8 unless told"),
  }),
  run: async (store, { project: wanted, limit = LIMIT, weeks = WEEKS }): Promise<ProjectShown> => {
    const known = await allProjects(store);
    const { project, file, tickets } = findProject(known, wanted);
    const { view } = known;
    const sorted = tickets.toSorted(
      (one, other) => placeOf(view, one) - placeOf(view, other) || compareReady(one, other),
    );
    return {
      project: { ...project, description: file?.description ?? "" },
      tickets: sorted.slice(0, limit).map((ticket) => ticketIn(view, ticket)),
      total: sorted.length,
      truncated: sorted.length > limit,
      categories: countCategories(view, tickets),
      weeks: weeksOf(view, tickets, Math.min(weeks, MOST_WEEKS)),
    };
  },
});

/** @throws bad_ticket for a file that cannot be read, not_found */
function findProject({ all, problems }: AllProjects, wanted: string): WithTickets {
  const word = wanted.trim();
  const known = [...all.map(({ project }) => project), ...namedIn({ projects: [], problems })];
  assertOneNamed(known, word);
  const slug = projectFinder(known, { asTyped: true })(word);
  const broken = slug === undefined ? undefined : problems.find(({ path }) => path === projectPath(slug));
  if (broken !== undefined) throw brokenProject(broken);
  const found = all.find(({ project }) => project.slug === slug);
  if (found !== undefined) return found;
  throw noProject(
    word,
    all.map(({ project }) => project.slug),
  );
}

function ticketIn(view: View, { id, title, status, fields }: Ticket): ProjectTicket {
  const category = categoryOf(view.board, status) ?? null;
  return { id, title, status, category, priority: fields.priority ?? 2, assignee: fields.assignee?.[0] ?? null };
}

function placeOf({ board }: View, { status }: Ticket): number {
  const category = categoryOf(board, status);
  return category === undefined ? CATEGORIES.length : CATEGORIES.indexOf(category);
}

/** A ticket that does not say when it was made was there from the beginning. */
function weeksOf({ board, now }: View, tickets: readonly Ticket[], count: number): ProjectShown["weeks"] {
  const weekOf = (time: string | undefined): string => {
    const moment = parseTime(time ?? "");
    return moment === undefined ? "" : isoWeek(moment);
  };
  const made = tickets.map(({ fields }) => weekOf(fields.created));
  const over = tickets.filter(({ status }) => isFinished(board, status)).map(({ fields }) => weekOf(fields.closed));
  const until = (weeks: readonly string[], last: string): number => weeks.filter((week) => week <= last).length;
  return lastWeeks(now, count).map((week) => ({
    week,
    created: made.filter((one) => one === week).length,
    closed: over.filter((one) => one === week).length,
    open: until(made, week) - until(over, week),
  }));
}
