import type { InferInput } from "valibot";
import { invoke } from "../actions/input/action.ts";
import { runPipelines } from "../actions/pipeline/engine.ts";
import { type ActionOf, type AnswerOf, loadAction, type VerbName } from "../actions/verbs.ts";
import { CALLS } from "../cli/ask/fits.ts";
import { isDoneByOthers } from "../store/change/requests/pending.ts";
import { withdraw } from "../store/change/requests/presence.ts";
import type { Store } from "../store/open/store.ts";

/** A verb as a function of the library. */
export type VerbFunction<N extends VerbName> = (
  store: Store,
  input: InferInput<ActionOf<N>["input"]>,
) => Promise<AnswerOf<N>>;

/**
 * A verb as a function: its action is loaded, the input validated, then the action runs; where another process has the
 * store's lock, perhaps there.
 */
export function verb<N extends VerbName>(name: N): VerbFunction<N> {
  return async (store, input) => (await perform(name, store, input as Record<string, unknown>)) as AnswerOf<N>;
}

async function perform(name: VerbName, store: Store, input: Record<string, unknown>): Promise<unknown> {
  runPipelines();
  if (!CALLS.has(name)) return invoke(await loadAction(name), store, input);
  const { askOthers, valueOfDone } = await import("./ask.ts");
  const asked = await askOthers(store, name, input);
  if ("value" in asked) return asked.value;
  try {
    return await invoke(await loadAction(name), asked.store, input);
  } catch (error) {
    if (!isDoneByOthers(error)) throw error;
    return await valueOfDone(store, error);
  } finally {
    // Whoever waits for this process to take the lock: it had no need of it.
    if (asked.coming !== undefined) withdraw(asked.coming, "coming", store.host.pid);
  }
}
