import { existsSync } from "node:fs";
import path from "node:path";
import { driverCommand } from "../../git/repository/driverLines.ts";
import { nodeProgram, packageDir } from "../../host.ts";
import type { Journal } from "./store.ts";

/** What git is to run to merge tickets: this very ayo, wherever git is called; undefined where it is not built. */
export function ownDriver(): string | undefined {
  const script = path.join(packageDir(), "dist", "cli", "ayo.cjs");
  return existsSync(script) ? driverCommand([nodeProgram(), script]) : undefined;
}

/**
 * Has git merge a store's tickets by field, in this clone. A configuration that cannot be written costs that only: git
 * merges by line then, and an agent's sandbox may have .git read-only.
 */
export async function useDriver({ repository, prefix }: Journal): Promise<void> {
  const command = ownDriver();
  if (command === undefined) return;
  const { ensureDriver } = await import("../../git/repository/mergeDriver.ts");
  try {
    ensureDriver(repository, prefix, command);
  } catch {
    // Then git merges tickets by line here, as it does without ayo.
  }
}
