import { config } from "../actions/config/config.ts";
import { invoke } from "../actions/input/action.ts";
import { readStore } from "../store/disk/view.ts";
import { actorOf } from "../store/open/identity.ts";
import { EVENTS } from "../ticket/events.ts";
import { ROUTES } from "./routes.ts";
import type { Workflow } from "./workflow.ts";

/** What a client needs to know of a store before anything else. */
export async function describeStore(workflow: Workflow, version: string): Promise<Record<string, unknown>> {
  // Before anything is read: who reads the tickets now and listens from here on misses nothing.
  const position = workflow.feed.position() ?? null;
  const store = workflow.store();
  const { board } = await readStore(store);
  const { settings } = await invoke(config, store, {});
  const { name, agent } = actorOf(undefined, store);
  const actor = { name, agent };
  const { id, dir } = workflow;
  return { workflow: id, dir, version, actor, board, settings, events: EVENTS, verbs: VERBS, position };
}

/** What can be done with a ticket: the last words of the routes that change one. */
const VERBS = ROUTES.flatMap(({ method, path }) => {
  const verb = /^\/tickets\/\{id\}\/(\w+)$/.exec(path)?.[1];
  return method === "post" && verb !== undefined ? [verb] : [];
});
