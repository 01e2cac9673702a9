import { readConfig } from "../disk/configFile.ts";
import { readStore, viewOf } from "../disk/view.ts";
import type { Config } from "../open/config/config.ts";
import { emptyIndex } from "../open/entry.ts";
import type { Store } from "../open/store.ts";

/** The store's configuration, without a look at its tickets. @throws bad_config */
export async function configOf(store: Store): Promise<Config> {
  const index = emptyIndex();
  await readConfig(index, store, store.host.now());
  return index.config;
}

/** How many tickets it has that are not archived, as this process knows it. */
export async function ticketsIn(store: Store): Promise<number> {
  const view = await (store.index === undefined ? readStore(store) : viewOf(store, store.index));
  return view.tickets.length;
}
