import type { View } from "../../store/disk/view.ts";
import { takeOver } from "../../store/runs/liveRuns.ts";
import { allRuns } from "../../store/runs/record.ts";
import { isOurs } from "../run/isOurs.ts";
import type { Work } from "../work.ts";
import type { Tries } from "./tries.ts";

/**
 * Takes over what a dispatcher that is gone was to try again: it held the ticket for that, and until the claim runs out
 * nobody else could have it.
 */
export function adoptTries({ store }: Work, view: View, tries: Tries): void {
  for (const ticket of view.marked) {
    if (ticket.fields.claim === undefined || ticket.fields.dispatched === undefined) continue;
    const last = allRuns(store, ticket.id).sort((one, other) => other.n - one.n)[0];
    if (last?.state !== "ended" || last.isTriedAgain !== true || !isOurs(view, ticket, last)) continue;
    if (takeOver(store, last)) tries.add(last);
  }
}
