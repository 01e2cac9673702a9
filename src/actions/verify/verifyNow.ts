import { actorOf } from "../../store/open/identity/identity.ts";
import type { Store } from "../../store/open/store.ts";
import type { WriteOptions, Written } from "../input/action.ts";
import { verifyWork } from "./engine.ts";
import { type Seen, writeVerified } from "./writeVerified.ts";

/** Runs what one ticket's work has to pass, and writes down what came of it; an interrupt ends what runs. */
export async function verifyNow(
  store: Store,
  id: string,
  { as }: Pick<WriteOptions, "as">,
): Promise<{ readonly seen: Seen; readonly written: Written }> {
  const by = actorOf(as, store);
  const stop = new AbortController();
  const goOn = store.host.onInterrupt?.(() => stop.abort());
  try {
    const seen = await verifyWork(store, { id, by, signal: stop.signal });
    return { seen, written: await writeVerified(store, seen, { as }) };
  } finally {
    goOn?.();
  }
}
