import { AyoError } from "../../error.ts";
import { STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { readConfig } from "../disk/configFile.ts";
import { readStore, viewOf } from "../disk/view.ts";
import type { Config } from "../open/config/config.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import { emptyIndex } from "../open/entry.ts";
import type { Store } from "../open/store.ts";
import type { Contact } from "./contact.ts";

/** The store's configuration, without a look at its tickets. @throws bad_config */
export async function configOf(store: Store): Promise<Config> {
  const index = emptyIndex();
  await readConfig(index, store, store.host.now());
  return index.config;
}

/**
 * The ref that holds the tickets on the other side. Where config.yml says one that nobody here understands it is the one
 * where they were last.
 * @throws bad_config where that is not known either
 */
export function refOf({ sync, unknown = [] }: Config, contact: Pick<Contact, "ref"> | undefined): string {
  const ref = sync?.isRefUnknown === true ? contact?.ref : (sync?.ref ?? STORE_BRANCH);
  if (ref !== undefined) return ref;
  const odd = unknown.find(({ key }) => key === "sync.ref");
  throw new AyoError("bad_config", `${CONFIG_FILE}:${odd?.line}: ${odd?.fact}`, {
    data: { path: CONFIG_FILE, line: odd?.line },
  });
}

/** How many tickets it has that are not archived, as this process knows it. */
export async function ticketsIn(store: Store): Promise<number> {
  const view = await (store.index === undefined ? readStore(store) : viewOf(store, store.index));
  return view.tickets.length;
}
