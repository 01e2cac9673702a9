import { hookEffect, hooksOf } from "../hooks/hook.ts";
import type { Effect } from "../open/effect.ts";
import type { Store } from "../open/store.ts";
import { pipelineEffects } from "../pipelines/pipelineEffect.ts";
import { agentsOf } from "./agents.ts";
import { foreignStore } from "./foreignStore.ts";
import { keysEffects } from "./keys.ts";
import { urlsOf } from "./urls.ts";
import { verifyEffects } from "./verify.ts";

/** A kind of things that take effect. */
export interface Kind {
  readonly name: Effect["kind"];
  /** All of a store's, in the order to show them. */
  readonly list: (store: Store) => readonly Effect[] | Promise<readonly Effect[]>;
}

/** Hooks: files of the store that are run. */
export const HOOKS: Kind = { name: "hook", list: (store) => hooksOf(store).map((hook) => hookEffect(store, hook)) };

/** Every kind; the store itself comes first: nothing in it is looked at before it may be used. */
export const KINDS: readonly Kind[] = [
  { name: "store", list: foreignStore },
  HOOKS,
  { name: "agent", list: agentsOf },
  { name: "pipeline", list: pipelineEffects },
  { name: "verify", list: (store) => verifyEffects(store) },
  { name: "url", list: urlsOf },
  { name: "keys", list: keysEffects },
];

/** Everything that takes effect in a store, allowed or not. */
export async function effectsOf(store: Store, kinds: readonly Kind[] = KINDS): Promise<Effect[]> {
  const closed = kinds === KINDS ? foreignStore(store).filter(({ state }) => state !== "allowed") : [];
  if (closed.length > 0) return closed;
  return (await Promise.all(kinds.map(({ list }) => list(store)))).flat();
}
