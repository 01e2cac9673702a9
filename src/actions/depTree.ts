import * as v from "valibot";
import { type Archive, readArchived } from "../store/disk/archive/archive.ts";
import { findTicket } from "../store/disk/findTicket.ts";
import { archiveOf, isFinished, readStore, type View } from "../store/disk/view.ts";
import type { Store } from "../store/open/store.ts";
import { formatTree } from "../ticket/rules/graph.ts";
import { action, flag, optionalText } from "./input/action.ts";

/** The tree as printed, and the tickets it begins with. */
export interface DependencyTree {
  readonly roots: readonly string[];
  readonly lines: readonly string[];
}

/** `ayo ticket dep tree [id]`: without an id from every unfinished ticket that nothing waits for. */
export const depTree = action({
  name: "dep tree",
  summary: "Show what tickets wait for, as a tree",
  writes: false,
  input: v.object({ id: optionalText("where the tree begins"), full: flag("repeat what was shown above") }),
  run: async (store, input): Promise<DependencyTree> => {
    const view = await readStore(store);
    const roots = input.id === undefined ? topmost(view) : [(await findTicket(store, view, input.id, true)).id];
    // A view has the archive at hand unless no active ticket waits for anything there.
    const archive = roots.every((id) => view.byId.has(id)) ? view.archive : await archiveOf(store, view);
    const label = (id: string): string => {
      const found = view.lookup.get(id) ?? archive.find(id);
      return found === undefined ? `${id} (missing)` : `${id} [${found.status}] ${found.title}`;
    };
    const archived = await archivedDeps(store, view, archive, roots);
    const depsOf = (id: string): readonly string[] => view.byId.get(id)?.fields.deps ?? archived.get(id) ?? [];
    return { roots, lines: formatTree(roots, depsOf, label, { full: input.full === true }) };
  },
});

/** What the archived tickets below `roots` waited for; only those that are shown are read. */
async function archivedDeps(
  store: Store,
  view: View,
  archive: Archive,
  roots: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const seen = new Set(roots);
  // A set iterates what is added on the way, so it is the queue too.
  for (const id of seen) {
    const place = view.byId.has(id) ? undefined : archive.find(id);
    const deps = (place === undefined ? view.byId.get(id) : await readArchived(store, place.path))?.fields.deps ?? [];
    if (place !== undefined) found.set(id, deps);
    for (const dep of deps) seen.add(dep);
  }
  return found;
}

function topmost(view: View): string[] {
  const open = view.tickets.filter((ticket) => !isFinished(view.board, ticket.status));
  return open
    .filter((ticket) => (ticket.fields.deps ?? []).length > 0 && view.dependents(ticket.id).length === 0)
    .map((ticket) => ticket.id)
    .sort();
}
