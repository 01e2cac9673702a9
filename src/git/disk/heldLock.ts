import { createExclusive } from "./durable.ts";
import { removeFile } from "./removeFile.ts";

/**
 * Does something while holding one of git's locks; undefined when another process has it. The lock holds `signature`
 * and nothing that git would read, so that one which a crash leaves can be told from git's own.
 */
export function holding<T>(lock: string, signature: string, tmpDir: string, work: () => T): T | undefined {
  if (!createExclusive(lock, Buffer.from(signature), tmpDir)) return undefined;
  try {
    return work();
  } finally {
    removeFile(lock);
  }
}
