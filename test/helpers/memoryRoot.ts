import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";

const MEMORY = "/dev/shm";
/** Less may not be enough for two workers. */
const ROOM_BYTES = 1 << 30;

/**
 * A new directory in memory, where nobody waits for the disk to sync; the caller removes it. Undefined where the system
 * has no such place, no room in it, or runs no programs there (a container's): hooks are programs.
 */
export function memoryRoot(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ROOM_BYTES) return undefined;
    const dir = mkdtempSync(path.join(MEMORY, "ayo_"));
    // As the system's own: tests have other users work below it.
    chmodSync(dir, 0o1777);
    if (runsPrograms(dir)) return dir;
    rmSync(dir, { recursive: true });
    return undefined;
  } catch {
    // Then the tests use the disk: slower, and as good.
    return undefined;
  }
}

function runsPrograms(dir: string): boolean {
  const program = path.join(dir, "program");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}
