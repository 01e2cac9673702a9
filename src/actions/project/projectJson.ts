import { readArchive } from "../../store/disk/archive/archive.ts";
import { isFinished, readStore, type View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { readProjects, type StoredProject } from "../../store/projects/projectFiles.ts";
import { type ProjectState, projectFinder } from "../../ticket/project.ts";
import { categoryOf } from "../../ticket/rules/columns.ts";
import type { Problem, Ticket } from "../../ticket/ticket.ts";

/** A project as JSON has it; of one that only tickets name, what a file would say is null. */
export interface ProjectJson {
  readonly slug: string;
  readonly name: string;
  readonly color: string | null;
  readonly status: ProjectState | null;
  readonly lead: string | null;
  readonly due: string | null;
  /** Slugs that it had before. */
  readonly was: readonly string[];
  readonly path: string | null;
  readonly version: string | null;
  /** The archive counts; `done` are those of `closed` that were neither cancelled nor failed. */
  readonly tickets: { readonly total: number; readonly open: number; readonly closed: number; readonly done: number };
  /** Percent of its tickets that are done, without those that were cancelled; null where there are none. */
  readonly progress: number | null;
}

/** What `fields` of a list of projects may ask for. */
export const PROJECT_FIELDS = [
  ..."slug name color status lead due was path version tickets progress".split(" "),
] as readonly string[];

/** A project and its tickets. */
export interface WithTickets {
  readonly project: ProjectJson;
  readonly file: StoredProject | undefined;
  readonly tickets: readonly Ticket[];
}

/** Every project of a store, with a file or named by a ticket. */
export interface AllProjects {
  readonly view: View;
  readonly all: readonly WithTickets[];
  readonly problems: readonly Problem[];
}

/** Reads all projects, and the tickets of each, the archive's too. */
export async function allProjects(store: Store): Promise<AllProjects> {
  const view = await readStore(store);
  const { projects, problems } = await readProjects(store.dir);
  const find = projectFinder(projects);
  const bySlug = new Map(projects.map((project) => [project.slug, project]));
  const tickets = new Map<string, Ticket[]>(projects.map(({ slug }) => [slug, []]));
  for (const ticket of [...view.tickets, ...(await readArchive(store, view.byId))]) {
    const { project } = ticket.fields;
    if (project === undefined) continue;
    const key = find(project) ?? project;
    const its = tickets.get(key);
    if (its === undefined) tickets.set(key, [ticket]);
    else its.push(ticket);
  }
  const all = [...tickets].map(([key, its]) => {
    const file = bySlug.get(key);
    return { project: projectJson(view, key, file, its), file, tickets: its };
  });
  return { view, all: all.sort((one, other) => compare(one.project, other.project)), problems };
}

function projectJson(
  view: View,
  key: string,
  file: StoredProject | undefined,
  tickets: readonly Ticket[],
): ProjectJson {
  const closed = tickets.filter(({ status }) => isFinished(view.board, status));
  const count = (category: string): number =>
    closed.filter(({ status }) => categoryOf(view.board, status) === category).length;
  const done = count("done");
  const wanted = tickets.length - count("cancelled");
  return {
    slug: key,
    name: file?.name ?? key,
    color: file?.color ?? null,
    status: file?.status ?? null,
    lead: file?.lead ?? null,
    due: file?.due ?? null,
    was: file?.was ?? [],
    path: file?.path ?? null,
    version: file?.version ?? null,
    tickets: { total: tickets.length, open: tickets.length - closed.length, closed: closed.length, done },
    progress: wanted === 0 ? null : Math.floor((done * 100) / wanted),
  };
}

/** Active ones first, then those without a file. */
const ORDER: readonly ProjectJson["status"][] = ["active", null, "completed", "archived"];

function compare(one: ProjectJson, other: ProjectJson): number {
  const place = ORDER.indexOf(one.status) - ORDER.indexOf(other.status);
  return place || (one.slug < other.slug ? -1 : 1);
}
