import { state } from "../../page/state.ts";
import { call } from "../api.ts";
import { needs } from "../inbox.ts";
import type { Line } from "../shapes.ts";

/** Tickets of which a change gave way in a merge, until somebody has seen to that. */
export const gaveWay = state<ReadonlySet<string>>(new Set());

/** So many are marked. */
const MOST = 200;

/** Keeps the marks up to date with the inbox, which says how many there are. */
export function followGaveWay(): void {
  let turn = 0;
  needs.follow(() => {
    const mine = ++turn;
    const count = needs.get()?.counts.merged ?? 0;
    if (count === 0) return gaveWay.get().size === 0 ? undefined : gaveWay.set(new Set());
    call<{ items: readonly Line[] }>(`/inbox?kind=merged&limit=${MOST}`).then(
      ({ items }) => mine === turn && gaveWay.set(new Set(items.map(({ id }) => id))),
      () => undefined, // the next change of the inbox asks again
    );
  });
}
