import * as v from "valibot";
import { isFinished, readStore } from "../store/disk/view.ts";
import { findCycles } from "../ticket/rules/graph.ts";
import { describeDeadlock, findDeadlocks } from "../ticket/rules/waits.ts";
import type { Problem } from "../ticket/ticket.ts";
import { action } from "./input/action.ts";
import { waitsIn } from "./lifecycle/finishable.ts";

/** Every group of tickets that wait for each other. */
export interface Cycles {
  readonly cycles: readonly (readonly string[])[];
  /** Those that wait for each other as parents and parts too, with the sentence that says how. */
  readonly deadlocks: readonly { readonly cycle: readonly string[]; readonly message: string }[];
  readonly problems: readonly Problem[];
}

/** `ayo ticket dep cycle`: commands refuse cycles, hand edits can make them. */
export const depCycle = action({
  name: "dep cycle",
  summary: "Find tickets that wait for each other",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<Cycles> => {
    const view = await readStore(store);
    const waits = waitsIn(view);
    const deadlocks = findDeadlocks(view.tickets, ({ status }) => isFinished(view.board, status));
    return {
      cycles: findCycles(view.tickets),
      deadlocks: deadlocks.map((cycle) => ({ cycle, message: describeDeadlock(waits, cycle) })),
      problems: view.problems,
    };
  },
});
