import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory (real path), removed when the test is finished; outside a test pass `afterAll`. */
export function tempDir(cleanUp: (remove: () => void) => void = onTestFinished): string {
  const dir = mkdtempSync(path.join(realpathSync(os.tmpdir()), "ayo-test-"));
  cleanUp(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}
