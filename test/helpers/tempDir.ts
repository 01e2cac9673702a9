import { accessSync, constants, mkdtempSync, realpathSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A new empty directory (real path), removed when the test is finished; outside a test pass `afterAll`. */
export function tempDir(cleanUp: (remove: () => void) => void = onTestFinished): string {
  return newDir(realpathSync(os.tmpdir()), cleanUp);
}

/** The same in memory, where nobody waits for the disk to sync, if the system has such a place and room there. */
export function memoryDir(cleanUp: (remove: () => void) => void = onTestFinished): string {
  return hasRoom(MEMORY) ? newDir(MEMORY, cleanUp) : tempDir(cleanUp);
}

const MEMORY = "/dev/shm";
const ROOM_BYTES = 1 << 29;

function hasRoom(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}

function newDir(where: string, cleanUp: (remove: () => void) => void): string {
  const dir = mkdtempSync(path.join(where, "ayo-test-"));
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
