import { invoke } from "../actions/action.ts";
import { config } from "../actions/config.ts";
import { actorOf } from "../store/identity.ts";
import { readStore } from "../store/view.ts";
import type { Workflow } from "./workflow.ts";

/** What a client needs to know of a store before anything else. */
export async function describeStore(workflow: Workflow, version: string): Promise<Record<string, unknown>> {
  const store = workflow.store();
  const { board } = await readStore(store);
  const { settings } = await invoke(config, store, {});
  const { name, agent } = actorOf(undefined, store);
  return { workflow: workflow.id, dir: store.dir, version, actor: { name, agent }, board, settings };
}
