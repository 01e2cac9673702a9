import type { InferInput } from "valibot";
import { invoke } from "../actions/input/action.ts";
import { runPipelines } from "../actions/pipeline/engine.ts";
import { type ActionOf, type AnswerOf, loadAction, type VerbName } from "../actions/verbs.ts";
import type { Store } from "../store/open/store.ts";

/** A verb as a function of the library. */
export type VerbFunction<N extends VerbName> = (
  store: Store,
  input: InferInput<ActionOf<N>["input"]>,
) => Promise<AnswerOf<N>>;

/** A verb as a function: its action is loaded, the input validated, then the action runs. */
export function verb<N extends VerbName>(name: N): VerbFunction<N> {
  return async (store, input) => {
    runPipelines();
    return (await invoke(await loadAction(name), store, input as Record<string, unknown>)) as AnswerOf<N>;
  };
}
