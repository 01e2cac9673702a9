import * as v from "valibot";
import { AyoError } from "../../error.ts";
import { deciderOf } from "../../store/allow/person.ts";
import type { Store } from "../../store/open/store.ts";
import { isLookedAfter } from "../../store/runs/liveRuns.ts";
import { type RunRecord, readRun, runWord } from "../../store/runs/record.ts";
import { stopProgram } from "../../store/runs/stopProgram.ts";
import { askToStop } from "../../store/runs/stopRequest.ts";
import { action, writeOptions } from "../input/action.ts";
import { findRun } from "./findRun.ts";
import { type RunJson, runJson } from "./runJson.ts";
import { runInput } from "./runShow.ts";

/** What `run stop` answers. */
export interface RunStopped {
  readonly run: RunJson;
  /** Whether it is over by now. */
  readonly stopped: boolean;
  readonly notices: readonly string[];
  readonly dryRun?: true;
}

/** A program may take so long to end when it is asked. In milliseconds, like all here. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/** `ayo run stop <run>`. */
export const runStop = action({
  name: "run stop",
  summary: "End a run of an agent and all that it started; its ticket is given back",
  writes: true,
  input: v.object({ run: runInput, as: writeOptions.as, dryRun: writeOptions.dryRun }),
  run: async (store, { run: word, as, dryRun }): Promise<RunStopped> => {
    const by = deciderOf(store, as, "stop a run").name;
    const { record } = await findRun(store, word);
    if (record.state === "ended") {
      throw new AyoError("transition_refused", `${runWord(record)} ended: ${record.outcome}`, {
        try: ["ayo", "run", "show", runWord(record)],
        data: { id: record.ticket },
      });
    }
    if (dryRun) return { run: runJson(store, record), stopped: false, notices: [], dryRun: true };
    askToStop(store, record, { by, at: new Date(store.host.now()).toISOString() });
    if (!isLookedAfter(store, record)) return alone(store, record);
    const ended = await untilEnded(store, record);
    return { run: runJson(store, ended), stopped: ended.state === "ended", notices: [] };
  },
});

async function untilEnded(store: Store, record: RunRecord): Promise<RunRecord> {
  const limit = performance.now() + PATIENCE_MS;
  let last = record;
  while (last.state !== "ended" && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    last = readRun(store, record) ?? last;
  }
  return last;
}

/** No dispatcher looks after it: its program is ended here, and the next dispatcher ends the rest. */
async function alone(store: Store, record: RunRecord): Promise<RunStopped> {
  const isGone = await stopProgram(record, Number(store.host.env.AYO_STOP_MS) || undefined);
  const notice = isGone
    ? "its program is ended; no 'ayo work' looks after it: the next one, also 'ayo work --once', gives the ticket back"
    : "processes of it cannot be ended";
  return { run: runJson(store, record), stopped: false, notices: [notice] };
}
