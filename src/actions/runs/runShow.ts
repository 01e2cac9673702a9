import * as v from "valibot";
import { runFolder } from "../../store/runs/record.ts";
import { type LoggedEvent, lastEvents } from "../../store/runs/runEvents.ts";
import { action, text } from "../input/action.ts";
import { findRun } from "./findRun.ts";
import { type RunJson, runJson } from "./runJson.ts";

/** What `run show` answers. */
export interface RunShown {
  readonly run: RunJson & { readonly title: string | null };
  /** Where its prompt, its output and its log lie. */
  readonly folder: string;
  readonly events: readonly LoggedEvent[];
}

/** So many of its last events are shown. */
const EVENTS = 10;

/** How a run is named. */
export const runInput = text("a ticket's id for its last run, or with a number: mya-x7k2/3");

/** `ayo run show <run>`. */
export const runShow = action({
  name: "run show",
  summary: "Show a run of an agent: how far it is, how it ended, where its files are",
  writes: false,
  input: v.object({ run: runInput }),
  run: async (store, { run: word }): Promise<RunShown> => {
    const { view, record } = await findRun(store, word);
    const title = view.lookup.get(record.ticket)?.title ?? null;
    const { events } = lastEvents(store, record, EVENTS);
    return { run: { ...runJson(store, record), title }, folder: runFolder(store, record), events };
  },
});
