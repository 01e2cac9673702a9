import { statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { readHead } from "../../git/refs/refs.ts";
import { CONFIG_FILE } from "../open/config/values.ts";
import type { Store } from "../open/store.ts";
import { ownClaimsFolder, sharesStores } from "../open/syncFolder.ts";

/**
 * Another text after every change that ayo or git made to a store, for the price of a few system calls. A file that an
 * editor writes in place shows once its edit is committed, so this is for stores that are being watched.
 * @throws no_store when the directory is gone
 */
export function storeStamp({ dir, journal }: Store): string {
  const folder = statSync(dir, { bigint: true, throwIfNoEntry: false });
  if (folder === undefined) throw new AyoError("no_store", `the ticket store ${dir} is gone`);
  const tip = journal === undefined ? undefined : readHead(journal.repository).oid;
  return `${folder.ino} ${folder.mtimeNs} ${tip ?? ""}`;
}

/** Another text where a claim that was made here became another one: others have heard of it, or it is over. */
export function claimsStamp(store: Store): string {
  if (!sharesStores(store)) return "";
  return String(statSync(ownClaimsFolder(store), { bigint: true, throwIfNoEntry: false })?.mtimeNs);
}

/** Another text for another config.yml, one that cannot be read included. */
export function configStamp({ dir }: Pick<Store, "dir">): string {
  const { mtimeMs, ino, size } = statSync(path.join(dir, CONFIG_FILE), { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${ino} ${size}`;
}

/** The last commit of the store's branch, or undefined before the first. */
export function storeTip({ journal }: Store): string | undefined {
  return journal === undefined ? undefined : readHead(journal.repository).oid;
}
