import { openTransport, type Transport, type TransportOptions } from "../../git/transport/transport.ts";
import { gitEnv } from "../disk/refresh.ts";
import type { Journal, Store } from "../open/store.ts";
import { transportDir } from "./contact.ts";
import type { Remote } from "./findRemote.ts";

/** How git gets there, with this store's objects. */
export function transportTo(
  store: Store,
  { repository }: Journal,
  { url, settings }: Remote,
  options: Pick<TransportOptions, "mayAsk" | "head" | "until">,
): Transport {
  const { onInterrupt } = store.host;
  return openTransport({
    dir: transportDir(store),
    repository,
    url,
    settings,
    env: gitEnv(store),
    onInterrupt,
    ...options,
  });
}
