import * as v from "valibot";
import { readStore } from "../store/view.ts";
import { findCycles } from "../ticket/graph.ts";
import type { Problem } from "../ticket/ticket.ts";
import { action } from "./action.ts";

/** Every group of tickets that wait for each other. */
export interface Cycles {
  readonly cycles: readonly (readonly string[])[];
  readonly problems: readonly Problem[];
}

/** `ayo ticket dep cycle`: commands refuse cycles, hand edits can make them. */
export const depCycle = action({
  name: "dep cycle",
  summary: "Find tickets that wait for each other",
  writes: false,
  input: v.object({}),
  run: async (store): Promise<Cycles> => {
    const { tickets, problems } = await readStore(store);
    return { cycles: findCycles(tickets), problems };
  },
});
