import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { memoryRoot } from "./memoryRoot.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Why dist/ could not be built; "" if it was. */
    buildError: string;
    /** A directory for what outlives one test; removed when the run ends. */
    scratch: string;
  }
}

/**
 * Vitest's global set-up: builds dist/ if it is missing or older than the sources. A build that fails does not stop
 * the tests of the rooms, which read the sources; every `runCli` then fails with the build's message. Temporary files
 * are in memory where that can be.
 */
export default function buildOnce(project: TestProject): () => void {
  const script = path.resolve(import.meta.dirname, "../../.ci/build.mjs");
  const build = spawnSync(process.execPath, [script, "--if-needed", "--no-types"], { encoding: "utf8" });
  const error = build.status === 0 ? "" : `dist/ could not be built:\n${build.stderr}`;
  if (error !== "") console.error(error);
  project.provide("buildError", error);
  // A long run is on the disk, and whoever names a place for temporary files has theirs.
  const memory = process.env.AYO_LONG === "1" || process.env.TMPDIR !== undefined ? undefined : memoryRoot();
  if (memory !== undefined) process.env.TMPDIR = memory;
  const scratch = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-scratch-"));
  project.provide("scratch", scratch);
  return () => {
    for (const dir of [scratch, memory]) if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  };
}
