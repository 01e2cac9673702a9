import * as v from "valibot";
import { findTicket, isFinished, readStore, type View } from "../store/view.ts";
import { formatTree } from "../ticket/graph.ts";
import { action, flag, optionalText } from "./action.ts";

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
    const label = (id: string): string => {
      const found = view.lookup.get(id);
      return found === undefined ? `${id} (missing)` : `${id} [${found.status}] ${found.title}`;
    };
    const depsOf = (id: string): readonly string[] => view.byId.get(id)?.fields.deps ?? [];
    return { roots, lines: formatTree(roots, depsOf, label, { full: input.full === true }) };
  },
});

function topmost(view: View): string[] {
  const open = view.tickets.filter((ticket) => !isFinished(view.board, ticket.status));
  return open
    .filter((ticket) => (ticket.fields.deps ?? []).length > 0 && view.dependents(ticket.id).length === 0)
    .map((ticket) => ticket.id)
    .sort();
}
