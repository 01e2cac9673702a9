import { invoke } from "../../actions/input/action.ts";
import { type RunLog, runLog } from "../../actions/runs/runLog.ts";
import type { Workflow } from "../workflow.ts";
import { greeting, type Pipe } from "./sse.ts";

/** How often the log is looked at; in milliseconds. */
const LOOK_MS = 250;

/**
 * The log of a run as server-sent events: its last events, or those behind the one that the client saw last, and then
 * what comes, after a `hello`; `ended` with the run when it is over.
 * @throws not_found, ambiguous_id, before anything is sent
 */
export async function runStream({ feed, store }: Workflow, run: string, lastSeen: string | undefined): Promise<Pipe> {
  const after = lastSeen !== undefined && /^\d{1,15}$/.test(lastSeen) ? { after: Number(lastSeen) } : {};
  const first = await invoke(runLog, store(), { run, ...after });
  return async ({ send, cut, onEnd }) => {
    let isOver = false;
    onEnd(() => {
      isOver = true;
    });
    send(`retry: 1000\n${partsOf(first)}${greeting(String(first.next), false)}`);
    let last = first;
    const look = async (): Promise<void> => {
      while (!isOver && last.run.state !== "ended") {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        if (isOver) return;
        last = await invoke(runLog, store(), { run: first.run.run, after: last.next });
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

/** Events of one look share the place where a client goes on. */
function partsOf({ events, next }: RunLog): string {
  const at = (n: number): string => (n === events.length - 1 ? `id: ${next}\n` : "");
  return events.map((event, n) => `${at(n)}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
