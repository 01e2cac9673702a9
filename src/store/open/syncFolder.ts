import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Host } from "../../host.ts";
import type { Config } from "./config/config.ts";
import { ayoHome } from "./locate/home.ts";
import { homeFolder } from "./locate/homeFolder.ts";
import { keep, kept, type Runtime, runtimeKey } from "./runtime.ts";
import type { Store } from "./store.ts";

type Place = Pick<Store, "dir" | "host">;

/** What this machine keeps of how a store is shared: in AYO_HOME, by where the store lies. */
export function syncFolder(place: Place): string {
  return homeFolder(place, "sync");
}

/** Whether any store may be shared from here; `isShared` loads what makes the names of folders, and reads need not. */
export function sharesStores({ host }: Pick<Store, "host">): boolean {
  return existsSync(folderOfAll(host));
}

function folderOfAll(host: Host): string {
  return path.join(ayoHome(host), "sync");
}

/** What says with whom a store is shared. */
export function contactFile(store: Place): string {
  return path.join(syncFolder(store), "contact.json");
}

/** Whether a store is shared from here, as far as that is told by a file's being there. */
export function isShared(store: Place): boolean {
  return existsSync(contactFile(store));
}

/** Where the claims are written down that were made here, each in a file of its own that begins with its ticket. */
export function ownClaimsFolder(store: Place): string {
  return path.join(syncFolder(store), "claims");
}

/** Names of the files of claims that were made here; of one ticket where it is named. */
export function ownClaimFiles(store: Place, id?: string): string[] {
  try {
    const names = readdirSync(ownClaimsFolder(store)).filter((name) => name.endsWith(".json"));
    return id === undefined ? names : names.filter((name) => name.startsWith(`${id}~`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Files of claims that commands of this process ask for just now: one that serves many makes several at once. */
export const onTheWay = new Set<string>();

/** Whether claims of this process count only where others have heard of them, whatever config.yml says. */
const SURELY = runtimeKey("surely", () => false);

/** Has this process make no claim that others have not heard of: whoever starts programs must not start two. */
export function claimSurely(store: { readonly runtime: Runtime }): void {
  keep(store, SURELY, true);
}

/** Whether others on other machines are asked about claims. */
export function asksOthers(store: Place & Pick<Store, "journal" | "runtime">, { sync }: Pick<Config, "sync">): boolean {
  return (sync?.claims !== "off" || kept(store, SURELY)) && store.journal?.mode === "own" && isShared(store);
}

/** Whether no claim is made where they cannot be asked. */
export function wantsOthers(store: Pick<Store, "runtime">, { sync }: Pick<Config, "sync">): boolean {
  return sync?.claims === "required" || kept(store, SURELY);
}

/**
 * Whether a claim was made elsewhere and is settled by what lies at the remote: that its lease ran out by this machine's
 * clock says nothing of it.
 */
export function isHeldElsewhere(
  store: Place & Pick<Store, "journal" | "runtime">,
  config: Pick<Config, "sync">,
  id: string,
): boolean {
  return asksOthers(store, config) && ownClaimFiles(store, id).length === 0;
}
