import type { Store } from "../../store/open/store.ts";
import type { RunName } from "../../store/runs/record.ts";
import { logEvents } from "../../store/runs/runEvents.ts";

/** Logs what ayo itself did with a run; `more` is for programs, which are told a `notice` by its name. */
export function logAyo(store: Store, run: RunName, text: string, more: Readonly<Record<string, unknown>> = {}): void {
  logEvents(store, run, [{ at: new Date(store.host.now()).toISOString(), type: "ayo", text, ...more }]);
}
