import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Puts a cache file in place, whole or not at all; two processes that do so at once leave one of the two. Answers
 * whether it worked: a cache that cannot be written is no error.
 */
export function replaceFile(file: string, parts: readonly Buffer[]): boolean {
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, Buffer.concat(parts));
    renameSync(temporary, file);
    return true;
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Left behind where nothing can be removed either.
    }
    return false;
  }
}
