import type { Inbox } from "../../../src/actions/inbox/inbox.ts";
import type { TempStore } from "../../helpers/tempStore.ts";

/** Somebody's inbox; the person's unless an agent is named. */
export function inboxOf(store: TempStore, ...flags: string[]): Promise<Inbox> {
  return store.json<Inbox & Record<string, unknown>>("inbox", ...flags);
}

/** Its lines as `kind key`, without the note's id. */
export async function linesOf(store: TempStore, ...flags: string[]): Promise<string[]> {
  const { items } = await inboxOf(store, ...flags);
  return items.map(({ kind, key }) => `${kind} ${key.replace(/:note [0-9a-f]{8}$/, ":note")}`);
}
