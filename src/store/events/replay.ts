import { AyoError } from "../../error.ts";
import { readHead } from "../../git/refs/refs.ts";
import type { TicketEvent } from "../../ticket/events/events.ts";
import type { Store } from "../open/store.ts";
import { commitsSince } from "./branchLine.ts";
import { followStore } from "./follow.ts";
import { readFront } from "./front.ts";
import { knownTicketsOf } from "./worldAt.ts";

/**
 * The events that came after one of this id (`<commit>:<n>`, or a commit) or position, of `limit` commits at most: for who was away
 * for a while. It watches nothing, changes nothing, and what it costs does not grow with the history.
 * @throws not_found for an id that the branch does not have, or not within `limit`
 */
export async function eventsSince(store: Store, id: string, limit: number): Promise<readonly TicketEvent[]> {
  const { journal } = store;
  const [first, ...also] = readFront(id) ?? [];
  const tip = journal === undefined ? undefined : readHead(journal.repository).oid;
  const unknown = new AyoError("not_found", `the store's last ${limit} commits have no event '${id}'`, {
    data: { id },
  });
  if (journal === undefined || first === undefined || tip === undefined) throw unknown;
  for (const { commit } of [first, ...also]) {
    if (commit.length < 40 || (await commitsSince(journal, commit, tip, limit)) === undefined) throw unknown;
  }
  const near = store.index === undefined ? undefined : knownTicketsOf(store.index);
  const { commit: after, ...seen } = first;
  const follower = await followStore(store, journal, { after, ...seen, also }, near);
  const found: TicketEvent[] = [];
  for await (const events of follower.next()) found.push(...events);
  return found;
}
