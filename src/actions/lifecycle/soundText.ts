import { AyoError } from "../../error.ts";
import type { Draft } from "../../store/change/draft.ts";
import { archiveOf } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { columnFor } from "../../ticket/rules/columns.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { valueFaults } from "../../ticket/valueFaults.ts";
import { checkColumn, checkType } from "../input/checkInput.ts";

/**
 * Holds what an edit makes of a ticket to what flags and `--set` are held to; what was wrong before may stay.
 * @throws bad_input for a value that its key cannot hold, not_found for a ticket that does not exist, cycle for parents
 */
export async function assertSound(store: Store, draft: Draft, was: Ticket, now: Ticket): Promise<void> {
  const { board } = draft.view;
  const known = new Set(valueFaults(was).map(({ message }) => message));
  const fault = valueFaults(now).find(({ message }) => !known.has(message));
  if (fault !== undefined) throw new AyoError("bad_input", fault.message, { data: { field: fault.key } });
  if (now.status !== was.status && columnFor(board, now.status) === undefined) checkColumn(board, now.status);
  if (now.fields.type !== undefined && now.fields.type !== was.fields.type) checkType(board, now.fields.type);
  await assertReferences(store, draft, was, now);
  const { parent } = now.fields;
  if (parent !== undefined && parent !== was.fields.parent) assertNoParentCycle(draft, now.id, parent);
}

/** Tickets that are named anew must exist, and a link must have its other end. */
async function assertReferences(store: Store, draft: Draft, was: Ticket, now: Ticket): Promise<void> {
  const fresh = (ids: readonly string[] = [], old: readonly string[] = []): string[] =>
    ids.filter((id) => !old.includes(id));
  const one = (id: string | undefined): string[] => (id === undefined ? [] : [id]);
  const links = fresh(now.fields.links, was.fields.links);
  const named = {
    deps: fresh(now.fields.deps, was.fields.deps),
    links,
    parent: fresh(one(now.fields.parent), one(was.fields.parent)),
    "duplicate-of": fresh(one(now.fields.duplicateOf), one(was.fields.duplicateOf)),
  };
  const archive = Object.values(named).every((ids) => ids.length === 0)
    ? undefined
    : await archiveOf(store, draft.view);
  for (const [key, ids] of Object.entries(named)) {
    for (const id of ids) {
      if (draft.view.byId.has(id) || archive?.find(id) !== undefined) continue;
      throw new AyoError("not_found", `${key}: ticket '${id}' not found`, { data: { field: key, target: id } });
    }
  }
  const end = links.find((id) => draft.view.byId.get(id)?.fields.links?.includes(now.id) !== true);
  if (end === undefined) return;
  throw new AyoError("bad_input", `links: ${end} is not linked back: ayo ticket link sets both ends`, {
    try: ["ayo", "ticket", "link", now.id, end],
    data: { field: "links", target: end },
  });
}

/** @throws cycle where a ticket would be a part of itself */
export function assertNoParentCycle({ view }: Draft, id: string, parent: string): void {
  for (let above: string | undefined = parent, steps = 0; above !== undefined && steps < 10_000; steps++) {
    if (above === id) throw new AyoError("cycle", `${id} cannot be a part of itself (through ${parent})`);
    above = view.byId.get(above)?.fields.parent;
  }
}
