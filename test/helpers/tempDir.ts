import { existsSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory (real path), removed when the test is finished; outside a test pass `afterAll`. */
export function tempDir(cleanUp: (remove: () => void) => void = onTestFinished): string {
  return newDir(realpathSync(os.tmpdir()), cleanUp);
}

/** The same on another file system, if the machine has one. */
export function dirElsewhere(): string | undefined {
  const { dev } = statSync(os.tmpdir());
  const where = ["/dev/shm", "/var/tmp"].find((one) => existsSync(one) && statSync(one).dev !== dev);
  return where === undefined ? undefined : newDir(where, onTestFinished);
}

function newDir(where: string, cleanUp: (remove: () => void) => void): string {
  // No "-" before what is random: `test-1Abcde` would hold the ticket `t-1` where a test looks for it in an answer.
  const dir = mkdtempSync(path.join(where, "ayo-test_"));
  cleanUp(() => removeTree(dir));
  return dir;
}

/** Removes a folder that another process may be writing into: what came meanwhile is removed too. */
export function removeTree(dir: string): void {
  for (let left = 100; ; left--) {
    try {
      rmSync(dir, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
