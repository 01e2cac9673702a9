import * as v from "valibot";
import { AyoError } from "../../error.ts";
import type { Store } from "../../store/open/store.ts";
import type { RunRecord } from "../../store/runs/record.ts";
import { eventsAfter, eventsBefore, type LoggedEvent, lastEvents } from "../../store/runs/runEvents.ts";
import { action, limitOf } from "../input/action.ts";
import { findRun } from "./findRun.ts";
import { type RunJson, runJson } from "./runJson.ts";
import { runInput } from "./runShow.ts";

/** What `run log` answers. */
export interface RunLog {
  readonly run: RunJson;
  readonly events: readonly LoggedEvent[];
  /** Where the first of them begins: `before` of a call for earlier ones. */
  readonly from: number;
  /** Whether there are earlier ones. */
  readonly hasEarlier: boolean;
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
    before: v.optional(
      v.pipe(v.number(), v.integer(), v.description("the last ones before there: `from` of an answer, also below 0")),
    ),
  }),
  run: async (store, { run: word, limit = LIMIT, after, before }): Promise<RunLog> => {
    if (after !== undefined && before !== undefined) {
      throw new AyoError("bad_input", "after and before exclude each other", { data: { field: "before" } });
    }
    const { record } = await findRun(store, word);
    const run = runJson(store, record);
    if (before !== undefined) return { run, ...eventsBefore(store, record, before, limit), next: before };
    if (after === undefined) {
      const { size, ...part } = lastEvents(store, record, limit);
      return { run, ...part, next: size };
    }
    return { run, ...partAfter(store, record, after) };
  },
});

/** What a run logged behind a place, of at most so many bytes. */
function partAfter(store: Store, record: RunRecord, after: number, atMost?: number): Omit<RunLog, "run"> {
  const { events, size } = eventsAfter(store, record, after, atMost);
  return { events, from: after, hasEarlier: after > 0, next: size };
}

/** The same of a run by its name, for who goes on with it part by part. @throws not_found, ambiguous_id */
export async function logPart(store: Store, word: string, after: number, atMost: number): Promise<RunLog> {
  const { record } = await findRun(store, word);
  return { run: runJson(store, record), ...partAfter(store, record, after, atMost) };
}
