import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { isWorthPacking } from "../../../git/packing/packList.ts";
import { type Host, nodeProgram, packageDir } from "../../../host.ts";
import type { Journal, Store } from "../../open/store.ts";

/** The word by which a command starts a packer; it is no command of anybody's. */
export const PACK_WORD = "__pack";

/**
 * Has a process of its own pack the store where it is worth it; nobody waits for it. What a project's repository packs,
 * and when, is for the person's own git. What is in the way of it is in nobody's way: a commit was made.
 */
export function packSometimes({ dir, host }: Store, { mode, repository }: Journal): void {
  try {
    if (mode === "own" && isWorthPacking(repository)) startAyo([PACK_WORD, dir], host);
  } catch {
    // The next one tries again, and `doctor` tells what cannot be read.
  }
}

/** Starts the built command line as a process of its own; nothing where it is not built. */
function startAyo(words: readonly string[], { env }: Host): void {
  const script = path.join(packageDir(), "dist", "cli", "ayo.cjs");
  if (!existsSync(script)) return;
  const cwd = path.parse(script).root;
  const child = spawn(nodeProgram(), [script, ...words], { cwd, env, detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}
