import path from "node:path";
import { prefixFor } from "../../ticket/ids.ts";

/** What tells a store, in all its clones, from all others. */
export async function newStoreId(): Promise<string> {
  const { randomBytes } = await import("node:crypto");
  return randomBytes(6).toString("hex");
}

/** What ids of a store begin with where its config.yml does not say: after the folder that it lies in. */
export function ownPrefix(dir: string): string {
  return prefixFor(path.basename(path.dirname(dir)));
}
