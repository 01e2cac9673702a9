import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { ensureDir, mapFsError, writeDurable } from "../disk/durable.ts";
import type { Repository } from "./repository.ts";

/**
 * Adds a path from the repository's top, be it a folder or a link to one, to its private ignore file if it is not
 * there, and leaves every other byte; true when it was added.
 * @throws disk_full, store_not_writable
 */
export function ensureExcluded({ commonDir }: Repository, prefix: string): boolean {
  // No line of that file can say it.
  if (/[\r\n]/.test(prefix)) return false;
  const file = path.join(commonDir, "info", "exclude");
  const bytes = readOrNothing(file);
  const pattern = `/${prefix.replaceAll(/[\\*?[]/g, "\\$&").replace(/ $/, "\\ ")}`;
  if (bytes.toString("latin1").split(/\r?\n/).includes(Buffer.from(pattern).toString("latin1"))) return false;
  const needsNewline = bytes.length > 0 && bytes.at(-1) !== 0x0a;
  const line = Buffer.from(`${needsNewline ? "\n" : ""}${pattern}\n`);
  ensureDir(path.dirname(file));
  const target = throughLinks(file);
  writeDurable(target, Buffer.concat([bytes, line]), { tmpDir: path.dirname(target) });
  return true;
}

function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw mapFsError(error, file);
  }
}

/** The file that a link to it stands for, which is to be replaced in its place. */
function throughLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
