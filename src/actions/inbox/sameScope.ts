import type { Ticket } from "../../ticket/ticket.ts";
import { areRelated } from "../query/related.ts";
import { similarAmong } from "../search/similar.ts";
import type { Looked, Need } from "./item.ts";
import { holderOf } from "./states.ts";

/** So many tickets in work are compared; whoever has more in work at once is not helped by pairs. */
const MOST = 40;

/** Two who work on what is likely the same, each on a ticket of his own, which nobody has linked: told of the later one. */
export function sameScopeNeeds({ store, view, past }: Looked, active: readonly Ticket[]): Need[] {
  const begun = (ticket: Ticket): number => past(ticket)[0]?.time ?? 0;
  const held = active.filter((ticket) => ticket.fields.claimedBy !== undefined);
  const newest = held.sort((one, other) => begun(other) - begun(one)).slice(0, MOST);
  if (new Set(newest.map(({ fields }) => fields.claimedBy)).size < 2) return [];
  return similarAmong(store, newest).flatMap(({ left, right }) => {
    const [first, second] = [left, right].flatMap((id) => view.byId.get(id) ?? []).sort(byStart);
    if (first === undefined || second === undefined || areRelated(first, second)) return [];
    if (first.fields.claimedBy === second.fields.claimedBy) return [];
    const { id, title } = second;
    const text = `much like ${first.id} of ${holderOf(first)}`;
    const key = `${id}:like ${first.id}`;
    return [{ key, kind: "off_track" as const, id, title, by: holderOf(second), text, act: "show", about: first.id }];
  });
}

function byStart(one: Ticket, other: Ticket): number {
  const [a, b] = [one.fields.started ?? "", other.fields.started ?? ""];
  return a < b ? -1 : a > b ? 1 : one.id < other.id ? -1 : 1;
}
