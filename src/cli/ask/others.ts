import { boxIn, waitingRequests } from "../../store/change/requests/box.ts";
import type { Others } from "../../store/change/round/others.ts";
import type { Store } from "../../store/open/store.ts";
import type { run as runLine } from "../run.ts";
import { BUILD } from "./build.ts";

/** Serves the requests of other processes while this one has the lock; what does so is loaded when there are some. */
export function othersOf(
  store: Store,
  run: typeof runLine,
  {
    longest,
    goesOn,
  }: { readonly longest?: number /** Called when there are some. */; readonly goesOn?: (() => void) | undefined } = {},
): Others {
  const serving = new Set<Promise<unknown>>();
  const serve = async (): Promise<void> => {
    const { beginRequests } = await import("./serve.ts");
    const { journal } = store;
    if (journal !== undefined) await Promise.allSettled(beginRequests(store, journal, run));
  };
  return {
    build: BUILD,
    ...(longest === undefined ? {} : { longest }),
    get serving() {
      return serving.size;
    },
    begin: () => {
      if (store.journal?.mode === "own" && waitingRequests(boxIn(store.journal.stateDir)).length > 0) {
        goesOn?.();
        // Who is not served takes his request back, and does it himself.
        const one: Promise<void> = serve()
          .catch(() => {})
          .finally(() => serving.delete(one));
        serving.add(one);
      }
      return serving.size;
    },
    next: () => Promise.race(serving),
  };
}
