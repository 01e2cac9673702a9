import { readArchive } from "../../store/disk/archive/archive.ts";
import { archiveFolders, monthStamps } from "../../store/disk/archive/archiveFolders.ts";
import type { View } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { readProjects } from "../../store/projects/projectFiles.ts";
import { projectKeys } from "../../ticket/project.ts";
import { type Dated, dated } from "../../ticket/stats/dated.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { filterTickets } from "../list.ts";

/** The tickets that statistics are about, the archive's too. */
export interface Scope {
  readonly view: View;
  /** The reader's filter; "" for all. */
  readonly filter: string;
  readonly found: readonly Ticket[];
  /** The same, read for statistics. */
  readonly tickets: readonly Dated[];
  /** Those of the whole store. */
  readonly everything: readonly Dated[];
  readonly archived: number;
  /** A ticket's project: what it is compared by, and what it is called. */
  readonly projectOf: (ticket: Dated) => readonly [key: string, name: string] | undefined;
}

/** Reads what statistics are about. @throws bad_input for a filter that is none */
export async function readScope(store: Store, view: View, filter: string): Promise<Scope> {
  const { tickets: all, everything } = await readAll(store, view);
  const found = filter.trim() === "" ? all : await filterTickets(store, view, all, { query: filter });
  const wanted = found.length === all.length ? undefined : new Set(found);
  return {
    view,
    filter,
    found,
    tickets: wanted === undefined ? everything : everything.filter((_, at) => wanted.has(all[at] as Ticket)),
    everything,
    archived: found.filter(({ path }) => path.startsWith("archive/")).length,
    projectOf: await projectsOf(store),
  };
}

interface All {
  readonly tickets: readonly Ticket[];
  readonly everything: readonly Dated[];
  /** How the archive's folders were. */
  readonly archive: string;
}

/** By what a view was made from: a process that lives reads the archive once for each state of the store. */
const KNOWN = new WeakMap<View["all"], All>();

async function readAll(store: Store, view: View): Promise<All> {
  const archive = JSON.stringify(monthStamps(archiveFolders(store.dir), [], view.now));
  const known = KNOWN.get(view.all);
  if (known?.archive === archive) return known;
  const tickets = [...view.tickets, ...(await readArchive(store, view.byId))];
  const fresh = { tickets, everything: tickets.map((ticket) => dated(ticket, view.board)), archive };
  KNOWN.set(view.all, fresh);
  return fresh;
}

/** A project without a file is called as the first ticket that names it does. */
async function projectsOf({ dir }: Store): Promise<Scope["projectOf"]> {
  const { projects } = await readProjects(dir);
  const keyOf = projectKeys(projects);
  const names = new Map<string, string>(projects.map(({ slug }) => [keyOf(slug), slug]));
  const known = new Map<string, readonly [string, string]>();
  return ({ project }) => {
    if (project === undefined) return undefined;
    const before = known.get(project);
    if (before !== undefined) return before;
    const key = keyOf(project);
    if (!names.has(key)) names.set(key, project);
    const found = [key, names.get(key) as string] as const;
    known.set(project, found);
    return found;
  };
}
