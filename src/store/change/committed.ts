import { readObject } from "../../git/objects/objects.ts";
import type { Store } from "../open/store.ts";

/** The last committed text of a file that differs on disk; null where there is none. */
export async function readCommitted(store: Store, file: string): Promise<string | null> {
  const oid = store.index?.uncommitted.get(file);
  if (store.journal === undefined || typeof oid !== "string") return null;
  return (await readObject(store.journal.repository, oid)).bytes.toString("utf8");
}
