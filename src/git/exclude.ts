import path from "node:path";
import { writeDurable } from "./durable.ts";
import { type Repository, readText } from "./repository.ts";

/** Adds a line to a repository's private ignore file if it is not there; true when it was added. */
export function ensureExcluded({ commonDir }: Repository, pattern: string): boolean {
  const file = path.join(commonDir, "info", "exclude");
  const text = readText(file);
  if (text.split(/\r?\n/).includes(pattern)) return false;
  const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  writeDurable(file, Buffer.from(`${start}${pattern}\n`), { tmpDir: path.dirname(file) });
  return true;
}
