import { createHash } from "node:crypto";
import path from "node:path";
import type { Host } from "../../../host.ts";
import { ayoHome } from "./home.ts";

/** A name for something that is found by a text, such as where a store lies: 20 hex digits. */
export function nameFor(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
}

/** What this machine keeps of one kind about a store, in AYO_HOME: found by where the store lies, so that another clone has its own. */
export function homeFolder(
  { dir, host }: { readonly dir: string; readonly host: Host },
  ...kind: readonly string[]
): string {
  return path.join(ayoHome(host), ...kind, nameFor(dir));
}
