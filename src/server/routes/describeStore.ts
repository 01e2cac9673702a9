import { config } from "../../actions/config/config.ts";
import { invoke } from "../../actions/input/action.ts";
import type { Offer } from "../../actions/verbs/verb.ts";
import { ROWS } from "../../actions/verbs.ts";
import { viewsIn } from "../../actions/views/views.ts";
import { AyoError } from "../../error.ts";
import { readStore } from "../../store/disk/view.ts";
import { actorOf } from "../../store/open/identity/identity.ts";
import { EVENTS } from "../../ticket/events/events.ts";
import { CATEGORIES } from "../../ticket/rules/board.ts";
import type { Workflow } from "../workflow.ts";

/** What a client needs to know of a store before anything else. */
export async function describeStore(workflow: Workflow, version: string): Promise<Record<string, unknown>> {
  // Before anything is read: who reads the tickets now and listens from here on misses nothing.
  const position = workflow.feed.position() ?? null;
  const stamp = workflow.feed.config();
  const store = workflow.store();
  const { board, config: rules } = await readStore(store);
  const { settings } = await invoke(config, store, {});
  const { name, agent } = actorOf(undefined, store);
  const actor = { name, agent };
  const { id, dir } = workflow;
  const server = { version, events: EVENTS, verbs: VERBS, offers: OFFERS, position, config: stamp };
  return { workflow: id, dir, actor, board, settings, views: viewsOf(rules), ...server };
}

/** The views that config.yml names; none where what it says makes no sense: the board is there all the same. */
function viewsOf(rules: Parameters<typeof viewsIn>[0]): ReturnType<typeof viewsIn> {
  try {
    return viewsIn(rules);
  } catch (error) {
    if (error instanceof AyoError && error.code === "bad_config") return [];
    throw error;
  }
}

/** A verb as its last word in the address, for a ticket. */
const POSTED = [...ROWS.values()].flatMap(({ rest = [], offered }) =>
  rest.flatMap(({ method, path }) => {
    const verb = /^\/tickets\/\{id\}\/(\w+)$/.exec(path)?.[1];
    return method === "post" && verb !== undefined ? [{ verb, offered }] : [];
  }),
);

/** What can be done with a ticket. */
const VERBS = POSTED.map(({ verb }) => verb);

type Situation = keyof Offer["in"];

/** What a page offers to do with a ticket, likeliest first: by its category, and where it waits for a person's yes. */
const OFFERS = Object.fromEntries(
  ([...CATEGORIES, "unconfirmed"] satisfies Situation[]).map((situation) => {
    const offers = POSTED.flatMap(({ verb, offered }) => {
      const place = offered?.in[situation];
      return place === undefined
        ? []
        : [{ place, verb, ...(offered?.asks === undefined ? {} : { asks: offered.asks }) }];
    });
    return [situation, offers.sort((left, right) => left.place - right.place).map(({ place: _, ...offer }) => offer)];
  }),
);
