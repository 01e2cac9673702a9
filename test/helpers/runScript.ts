import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { hermeticEnv, sharedHome } from "./hermeticEnv.ts";
import { CLI } from "./runCli.ts";
import { tempDir } from "./tempDir.ts";

/**
 * Runs a bash script, with the built `ayo` on its PATH, in a user and mount namespace of its own: there it may mount,
 * and everybody else sees nothing of it. `args` are its `$1`, `$2` …
 */
export function runScript(
  script: string,
  args: readonly string[],
): { readonly stdout: string; readonly stderr: string } {
  const bin = tempDir();
  writeFileSync(path.join(bin, "ayo"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, { mode: 0o755 });
  const env = { ...hermeticEnv(sharedHome()), PATH: `${bin}:${process.env.PATH}` };
  const run = spawnSync("unshare", ["-Urm", "bash", "-c", script, "script", ...args], {
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (run.error !== undefined) throw run.error;
  return { stdout: run.stdout, stderr: run.stderr };
}
