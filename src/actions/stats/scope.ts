import { readArchive } from "../../store/disk/archive/archive.ts";
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
  /** What a project is called, by what it is compared by. */
  readonly projectName: (key: string) => string;
}

/** Reads what statistics are about. @throws bad_input for a filter that is none */
export async function readScope(store: Store, view: View, filter: string): Promise<Scope> {
  const archive = await readArchive(store, view.byId);
  const all = [...view.tickets, ...archive];
  const found = await filterTickets(store, view, all, filter.trim() === "" ? {} : { query: filter });
  const { projects } = await readProjects(store.dir);
  const keyOf = projectKeys(projects);
  const everything = all.map((ticket) => dated(ticket, view.board, keyOf));
  const wanted = new Set(found);
  const names = new Map<string, string>(projects.map(({ slug }) => [keyOf(slug), slug]));
  for (const { fields } of all) {
    const { project } = fields;
    if (project !== undefined && !names.has(keyOf(project))) names.set(keyOf(project), project);
  }
  return {
    view,
    filter,
    found,
    tickets: found.length === all.length ? everything : everything.filter((_, at) => wanted.has(all[at] as Ticket)),
    everything,
    archived: archive.filter((ticket) => wanted.has(ticket)).length,
    projectName: (key) => names.get(key) ?? key,
  };
}
