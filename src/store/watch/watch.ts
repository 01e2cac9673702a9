import { existsSync } from "node:fs";
import { AyoError } from "../../error.ts";
import type { Store } from "../open/store.ts";
import { type Control, controlOf } from "./control.ts";
import type { WatchOptions } from "./watchOptions.ts";
import { type SessionOptions, watchSession } from "./watchSession.ts";

/** A store being watched. */
export interface Watch {
  /** Done when everything up to now was published and changes are being watched; rejects with {@link Watch.done}. */
  readonly ready: Promise<void>;
  /** Done after {@link Watch.stop}; rejects on what cannot be watched at all. */
  readonly done: Promise<void>;
  /** Finishes what is being committed and published, and ends. */
  stop(): Promise<void>;
}

/** How often a store that is not there is looked for. In milliseconds. */
const MISSING_MS = 250;

/**
 * Makes a store live: commits hand edits, and publishes the events of every commit on its branch, whoever made it,
 * once and in commit order. `open` opens the store; where it throws no_store, the store is waited for. Nothing else
 * needs a watcher: without one the next command makes the same commits.
 */
export function watchStore(open: () => Store, options: WatchOptions): Watch {
  const control = controlOf();
  let markReady: (failure?: Promise<void>) => void = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  const done = keepWatching(open, options, control, () => markReady());
  // Whoever awaits neither is not to be killed by it.
  done.catch(() => {});
  ready.catch(() => {});
  void done.then(
    () => markReady(),
    () => markReady(done),
  );
  const stop = (): Promise<void> => {
    control.stop();
    return done.catch(() => {});
  };
  return { ready, done, stop };
}

async function keepWatching(
  open: () => Store,
  options: WatchOptions,
  control: Control,
  markReady: () => void,
): Promise<void> {
  const { since, ...rest } = options;
  let from: Pick<SessionOptions, "since" | "resume"> = since === undefined ? {} : { since };
  let told = "";
  /** Told once for each reason. */
  const wait = async (message: string): Promise<void> => {
    if (message !== told) options.onWarning(message);
    told = message;
    await control.wait(MISSING_MS);
  };
  while (!control.stopped) {
    const store = openOrNone(open);
    if (typeof store === "string") {
      markReady();
      from = { resume: from.resume ?? { at: undefined } };
      await wait(`${store}: waiting for one`);
      continue;
    }
    const session = watchSession(store, { ...rest, ...from }, control, markReady);
    const ended = await (from.resume === undefined ? session : session.catch(whyNotNow));
    if (typeof ended === "string") {
      await wait(`${ended}: waiting for it`);
      continue;
    }
    if (!control.stopped) options.onWarning(`the store ${store.dir} is gone or was replaced`);
    from = { resume: ended };
    told = "";
  }
}

/** What a store that is removed or made meanwhile makes files and git say; anything else is a bug. */
function whyNotNow(error: unknown): string {
  if (error instanceof AyoError || (error as NodeJS.ErrnoException).code !== undefined) return (error as Error).message;
  throw error;
}

/** The store, or why there is none. */
function openOrNone(open: () => Store): Store | string {
  try {
    const store = open();
    return existsSync(store.dir) ? store : `no ticket store at ${store.dir}`;
  } catch (error) {
    if (error instanceof AyoError && error.code === "no_store") return error.message;
    throw error;
  }
}
