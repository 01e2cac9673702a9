import { AyoError } from "../../error.ts";
import { readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { rulesFor, trackersIn } from "./rules.ts";
import type { RunOptions } from "./runTracker.ts";
import { readPair } from "./side/pairFiles.ts";

/**
 * What publishing tickets comes to: those that were taken off an item are linked with it again, the others get one.
 * @throws bad_input for one that is kept at another tracker
 */
export async function linkedBefore(
  store: Store,
  ids: readonly string[],
  tracker: string | undefined,
): Promise<NonNullable<RunOptions["wishes"]>> {
  const { config } = await readStore(store);
  const { name } = rulesFor(config, tracker);
  for (const other of trackersIn(config)) {
    if (other.name === name) continue;
    const kept = ids.find((id) => isKept(store, other.name, id));
    if (kept === undefined) continue;
    const message = `${kept} is kept at ${other.name}, and a ticket is kept at one tracker: 'ayo tracker unlink ${kept}' takes it off`;
    throw new AyoError("bad_input", message, { try: ["ayo", "tracker", "unlink", kept], data: { id: kept } });
  }
  const before = ids.flatMap((id) => {
    const pair = readPair(store.dir, name, id);
    return pair?.state === "severed" ? [[id, pair.key] as const] : [];
  });
  const linked = new Set(before.map(([id]) => id));
  return { publish: ids.filter((id) => !linked.has(id)), relink: before.map(([id, key]) => ({ id, key })) };
}

function isKept({ dir }: Store, tracker: string, id: string): boolean {
  const state = readPair(dir, tracker, id)?.state;
  return state === "linked" || state === "creating";
}
