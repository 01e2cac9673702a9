import { rmdirSync } from "node:fs";

/** Nobody is at a folder that answers as fast as this. In milliseconds. */
const CALM_MS = 0.1;
const MAX_LOOKS = 20;

/**
 * Waits until nobody is at a file's folder: a rename takes the kernel some hundred microseconds, in which a look still
 * finds the old file, and a rename of ours would wait and replace the new one. Who asks to remove a file as if it were
 * a directory waits like that too, and changes nothing.
 */
export function awaitCalm(target: string): void {
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const begin = performance.now();
    try {
      rmdirSync(target);
    } catch {
      // It is a file.
    }
    if (performance.now() - begin < CALM_MS) return;
  }
}
