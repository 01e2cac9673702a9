import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { judgeUrl } from "../../store/allow/urls.ts";
import { archiveOf, readStore } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import type { Pair } from "../../trackers/sync/pair.ts";
import { action } from "../input/action.ts";
import { hasKey, urlKey } from "./connect.ts";
import { FACTS, type TrackerName } from "./kinds/facts.ts";
import { readMemory } from "./memory.ts";
import { type RefusedPart, refusedIn } from "./refused.ts";
import { type TrackerRules, trackersIn } from "./rules.ts";
import { pairReader, readCursor } from "./side/pairFiles.ts";
import { twinsOf } from "./side/twins.ts";

/** A tracker of a store, as it is known here without asking it. */
export interface TrackerStanding {
  readonly tracker: TrackerName;
  /** The team or the repository: `ENG`, `acme/web`. */
  readonly place: string;
  readonly url: string;
  readonly push: TrackerRules["push"];
  /** Whether its key is in the environment, and whether its address may be asked from this machine. */
  readonly key: boolean;
  readonly allowed: boolean;
  /** When it was synced last from this machine. */
  readonly syncedAt: string | null;
  /** Files of what was agreed on that make no sense, and what helps: until then nothing is synced. */
  readonly trouble: readonly string[];
  /** Tickets that have an item. */
  readonly linked: number;
  /** Those whose item is gone, archived or moved elsewhere: they stay, and are not synced. */
  readonly detached: readonly LinkedTicket[];
  /** Tickets that were taken off their item. */
  readonly unlinked: readonly LinkedTicket[];
  /** What could not be sent at the last sync, or was sent without an answer. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
  /** What it refused: it is sent again when it changes, or by a sync with `--whole`. */
  readonly refused: readonly RefusedPart[];
  /** When the tracker may be asked again, where it said so and that is still to come. */
  readonly until: string | null;
}

/** A ticket with the item that it has, or had. */
export interface LinkedTicket {
  readonly id: string;
  readonly key: string;
  readonly url: string;
}

/** What `tracker status` answers. */
export interface TrackerStatus {
  readonly trackers: readonly TrackerStanding[];
}

/** `ayo tracker status`. */
export const trackerStatus = action({
  name: "tracker status",
  summary: "Which tracker the store is kept the same with, and what waits; nobody is asked",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<TrackerStatus> => {
    const view = await readStore(store);
    const archive = await archiveOf(store, view);
    // A file that nobody can read is a ticket all the same.
    const broken = new Set(view.problems.map(({ path }) => path));
    const isHere = (id: string): boolean =>
      view.byId.has(id) || broken.has(`${id}.md`) || archive.find(id) !== undefined;
    return { trackers: trackersIn(view.config).map((rules) => standingOf(store, rules, isHere)) };
  },
});

function standingOf(store: Store, rules: TrackerRules, isHere: (id: string) => boolean): TrackerStanding {
  const { name, place, push, url = FACTS[name].url } = rules;
  const { pairs, trouble } = agreedOn(store, rules);
  const memory = readMemory(store, name);
  const of = (state: Pair["state"]): [string, Pair][] => pairs.filter(([, pair]) => pair.state === state);
  const itemsOf = (state: Pair["state"]): LinkedTicket[] =>
    of(state).map(([id, pair]) => ({ id, key: pair.name, url: pair.url }));
  const unsure = pairs.filter(([, pair]) => pair.state === "creating" || pair.pending !== undefined);
  const known = new Set((memory.left ?? []).map(({ id }) => id));
  const asked = unsure.filter(([id]) => !known.has(id)).map(([id]) => ({ id, why: "sent, and no answer came" }));
  const isLater = memory.until !== undefined && Date.parse(memory.until) > store.host.now();
  return {
    tracker: name,
    place,
    url,
    push,
    key: hasKey(store, name),
    allowed: judgeUrl(store, urlKey(name), url).state === "allowed",
    syncedAt: memory.syncedAt ?? null,
    trouble,
    linked: of("linked").filter(([id]) => isHere(id)).length,
    detached: itemsOf("detached"),
    unlinked: itemsOf("severed").filter(({ id }) => isHere(id)),
    left: [...(memory.left ?? []), ...asked],
    refused: refusedIn(pairs, memory),
    until: isLater ? (memory.until ?? null) : null,
  };
}

/** What was agreed on; where it cannot be read, why. */
function agreedOn({ dir }: Store, rules: TrackerRules): { pairs: readonly [string, Pair][]; trouble: string[] } {
  try {
    const pairs = [...pairReader(dir, rules.name)()];
    readCursor(dir, rules.name, rules);
    return { pairs, trouble: twinsOf(pairs, rules.name).map(({ message }) => message) };
  } catch (error) {
    if (!(error instanceof AyoError) || error.code !== "bad_sync_file") throw error;
    return { pairs: [], trouble: [error.message] };
  }
}
