import { clientId } from "../clientId.ts";
import type { RemoteItem } from "../provider.ts";
import type { Draft } from "./draft.ts";
import { newPair } from "./pair.ts";

/** What a person wants of single tickets and items. */
export interface Wishes {
  /** Tickets that are to have an item; one that was unlinked, or whose item is gone, gets a new one. */
  readonly publish?: readonly string[];
  /** Keys of items that are to have a ticket; one that was unlinked is linked again, and both sides are merged. */
  readonly take?: readonly string[];
  /** Tickets that go their own way from now on. */
  readonly unlink?: readonly string[];
}

/** Ends the link of tickets; their items stay as they are, and come in no more. */
export function unlink(draft: Draft, ids: readonly string[], at: string): void {
  for (const id of ids) {
    const pair = draft.pair(id);
    if (pair === undefined || pair.state === "severed") {
      draft.told.push({ id, text: `${id} is not linked` });
      continue;
    }
    draft.editPair(id, () => ({ state: "severed" }));
    draft.tell(id, `${pair.name || "its item"} and this ticket are not synced any more; both stay as they are`, at);
  }
}

/** Links an item again with the ticket that it had; one that was deleted since is made anew. */
export function relink(draft: Draft, id: string, item: RemoteItem, make: () => void): void {
  if (draft.ticket(id) === undefined) {
    make();
    draft.told.push({ id, text: `${id} was deleted here, and is made again of ${item.name}` });
    return;
  }
  draft.editPair(id, () => ({ state: "linked" }));
  draft.tell(id, `${item.name} and this ticket are synced again`, item.updatedAt);
}

/** Begins to make items for tickets. */
export function publish(draft: Draft, ids: readonly string[], storeId: string): void {
  for (const id of ids) {
    const pair = draft.pair(id);
    if (draft.ticket(id) === undefined) draft.told.push({ id, text: `${id} is no ticket that can be published` });
    else if (pair === undefined) draft.setPair(id, newPair(clientId(storeId, id, 0), "creating"));
    else if (pair.state === "linked") draft.told.push({ id, text: `${id} is ${pair.name} already` });
    else if (pair.state !== "creating") {
      const generation = pair.generation + 1;
      const was = [...(pair.was ?? []), pair.key];
      draft.setPair(id, { ...newPair(clientId(storeId, id, generation), "creating", generation), was });
    }
  }
}
