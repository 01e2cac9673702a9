import { invoke } from "../../actions/input/action.ts";
import { logPart, type RunLog, runLog } from "../../actions/runs/runLog.ts";
import type { Workflow } from "../workflow.ts";
import { greeting, type Pipe } from "./sse.ts";

/** How often the log is looked at, and how soon again where there is more of it; in milliseconds. */
const LOOK_MS = 250;
const MORE_MS = 40;
/** So much of it is sent at once: a client that comes back after a long time takes part by part. In bytes. */
const PART = 512 * 1024;

/**
 * The log of a run as server-sent events: its last events, or those behind the one that the client saw last, and then
 * what comes, after a `hello`; `ended` with the run when it is over.
 * @throws not_found, ambiguous_id, before anything is sent
 */
export async function runStream({ feed, store }: Workflow, run: string, lastSeen: string | undefined): Promise<Pipe> {
  const isKnown = lastSeen !== undefined && /^\d{1,15}$/.test(lastSeen);
  const first = isKnown ? await logPart(store(), run, Number(lastSeen), PART) : await invoke(runLog, store(), { run });
  return async ({ send, cut, onEnd }) => {
    let isOver = false;
    onEnd(() => {
      isOver = true;
    });
    send(`retry: 1000\n${partsOf(first)}${greeting(String(first.next), false)}`);
    let last = first;
    const look = async (): Promise<void> => {
      while (!isOver && !isEnd(last)) {
        await new Promise((resolve) => setTimeout(resolve, isPart(last) ? MORE_MS : LOOK_MS));
        if (isOver) return;
        last = await logPart(store(), first.run.run, last.next, PART);
        if (last.events.length > 0) send(partsOf(last));
      }
      if (!isOver) send(`event: ended\ndata: ${JSON.stringify(last.run)}\n\n`);
    };
    void look().catch((error: Error) => {
      feed.warn(`a stream of the run ${first.run.run} ended: ${error.message}`);
      cut();
    });
  };
}

/** The last part of a run that is over is the one with nothing in it. */
function isEnd({ run, events }: RunLog): boolean {
  return run.state === "ended" && events.length === 0;
}

/** Whether there is likely more behind it. */
function isPart({ from, next }: RunLog): boolean {
  return next - from > PART / 2;
}

/** Events of one look share the place where a client goes on. */
function partsOf({ events, next }: RunLog): string {
  const at = (n: number): string => (n === events.length - 1 ? `id: ${next}\n` : "");
  return events.map((event, n) => `${at(n)}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
