import type { Draft } from "../../../store/change/draft.ts";
import type { View } from "../../../store/disk/view.ts";
import { fieldOf } from "../../../ticket/ticket.ts";
import type { LocalChange, LocalState } from "../../../trackers/sync/localSide.ts";
import type { TrackerRules } from "../rules.ts";
import { refOf } from "./refs.ts";

/** A store's state, with the tickets that have an item and do not name it: an undo, or a hand, took that off them. */
export interface NamedState extends LocalState {
  readonly unnamed: readonly string[];
}

/** Tickets that have an item and name none. */
export function unnamedIn(view: View, pairs: LocalState["pairs"]): readonly string[] {
  return [...pairs].flatMap(([id, { state }]) => {
    const ticket = state === "linked" ? view.byId.get(id) : undefined;
    return ticket !== undefined && fieldOf(ticket, "externalRef") === undefined ? [id] : [];
  });
}

/** Has them name their items again: without it a ticket whose pair is lost would become a second item. */
export async function nameAgain(
  draft: Draft,
  { pairs: agreed, unnamed }: NamedState,
  { pairs }: Pick<LocalChange, "pairs">,
  rules: TrackerRules,
): Promise<void> {
  for (const id of unnamed) {
    // A pair that changes has its ticket named with it, or is none any more.
    const pair = pairs.has(id) ? undefined : agreed.get(id);
    const ticket = draft.view.byId.get(id);
    if (pair !== undefined && ticket !== undefined) await draft.patch(ticket, { externalRef: refOf(rules, pair.key) });
  }
}
