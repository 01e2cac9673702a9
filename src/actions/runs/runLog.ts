import * as v from "valibot";
import { eventsAfter, type LoggedEvent, lastEvents } from "../../store/runs/runEvents.ts";
import { action, limitOf } from "../input/action.ts";
import { findRun } from "./findRun.ts";
import { type RunJson, runJson } from "./runJson.ts";
import { runInput } from "./runShow.ts";

/** What `run log` answers. */
export interface RunLog {
  readonly run: RunJson;
  readonly events: readonly LoggedEvent[];
  /** Where to go on: `after` of the next call. */
  readonly next: number;
}

/** As many as are shown where nobody says. */
const LIMIT = 200;

/** `ayo run log <run>`. */
export const runLog = action({
  name: "run log",
  summary: "Show what a run's agent did, the last events of it",
  writes: false,
  input: v.object({
    run: runInput,
    limit: limitOf("how many; 200 unless told"),
    after: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.description("all events from there on: `next` of an answer")),
    ),
  }),
  run: async (store, { run: word, limit = LIMIT, after }): Promise<RunLog> => {
    const { record } = await findRun(store, word);
    const { events, size } = after === undefined ? lastEvents(store, record, limit) : eventsAfter(store, record, after);
    return { run: runJson(store, record), events, next: size };
  },
});
