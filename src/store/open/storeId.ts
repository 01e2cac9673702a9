import path from "node:path";
import { prefixFor } from "../../ticket/ids.ts";

/** What tells a store, in all its clones, from all others; with a letter first, so that YAML takes it for no number. */
export async function newStoreId(): Promise<string> {
  const { randomInt, randomBytes } = await import("node:crypto");
  return "abcdef".charAt(randomInt(6)) + randomBytes(6).toString("hex").slice(1);
}

/** What ids of a store begin with where its config.yml does not say: after the folder that it lies in. */
export function ownPrefix(dir: string): string {
  return prefixFor(path.basename(path.dirname(dir)));
}
