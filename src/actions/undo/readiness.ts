import type { Draft } from "../../store/change/draft.ts";
import { parseText } from "../../store/disk/readFile.ts";
import { isFinished, type View, viewOf } from "../../store/disk/view.ts";
import type { Index } from "../../store/open/entry.ts";
import type { Store } from "../../store/open/store.ts";
import { waitingFor } from "../lifecycle/nowReady.ts";

/** A ticket by id and title. */
interface Titled {
  readonly id: string;
  readonly title: string;
}

/** Whose readiness a change turned. */
export interface Around {
  readonly nowReady: readonly Titled[];
  /** Unfinished tickets that could be begun before and no longer can. */
  readonly nowWaiting: readonly (Titled & { readonly reasons: readonly string[] })[];
}

/** The tickets near a change, which of them were ready, and the store as the change would leave it. */
export interface Surroundings {
  readonly ids: readonly string[];
  readonly ready: ReadonlySet<string>;
  readonly after: View;
  readonly before: View;
}

/** Looks around tickets before a draft is written. */
export async function readyAround(store: Store, draft: Draft, ids: readonly string[]): Promise<Surroundings> {
  const after = await planned(store, draft);
  const near = [...new Set(ids.flatMap((id) => [id, ...nextTo(draft.view, id), ...nextTo(after, id)]))];
  const ready = near.filter((id) => isReady(draft.view, id));
  return { ids: near, ready: new Set(ready), after, before: draft.view };
}

/** What turned between the draft's view and `after`. */
export function turned({ ids, ready }: Surroundings, after: View): Around {
  const titled = (id: string): Titled => ({ id, title: after.byId.get(id)?.title ?? "" });
  const isWaiting = (id: string): boolean => {
    const ticket = after.byId.get(id);
    return ticket !== undefined && !isFinished(after.board, ticket.status) && after.readiness(ticket).blocked;
  };
  return {
    nowReady: ids.filter((id) => !ready.has(id) && isReady(after, id)).map(titled),
    nowWaiting: ids
      .filter((id) => ready.has(id) && isWaiting(id))
      .map((id) => {
        const ticket = after.byId.get(id);
        return { ...titled(id), reasons: ticket === undefined ? [] : after.readiness(ticket).reasons };
      }),
  };
}

function nextTo(view: View, id: string): string[] {
  const parent = view.byId.get(id)?.fields.parent;
  return [...waitingFor(view, id).map((ticket) => ticket.id), ...(parent === undefined ? [] : [parent])];
}

function isReady(view: View, id: string): boolean {
  const ticket = view.byId.get(id);
  return ticket !== undefined && view.isReady(ticket);
}

/** The store with the draft's files in place. */
async function planned(store: Store, draft: Draft): Promise<View> {
  const index = store.index as Index;
  const entries = new Map(index.entries);
  for (const [file, text] of draft.files) {
    if (!file.endsWith(".md") || file.includes("/")) continue;
    const ticket = text === null ? undefined : await parseText(text, file);
    if (ticket === undefined || !("id" in ticket)) entries.delete(file);
    else entries.set(file, { stamp: [0, 0, 0, 0], racy: true, oid: "", ticket });
  }
  return viewOf(store, { ...index, entries });
}
