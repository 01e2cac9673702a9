import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const FUNCTIONS = path.resolve(import.meta.dirname, "play.sh");
const HELPERS = import.meta.dirname;

/** The steps of a play as a script that performs them again: `AYO=… bash FILE`. */
export function scriptOf(lines: readonly string[], inline: boolean): string {
  const functions = readFileSync(FUNCTIONS, "utf8").replaceAll("@HELPERS@", HELPERS);
  return `${functions}\nmake_store ${inline ? "inline" : "own"}\n${lines.join("\n")}\nshow\n`;
}

let kept = "";

/** Writes a script where it outlives the test, in place of the one before, and returns its file. */
export function keepScript(script: string): string {
  kept ||= mkdtempSync(path.join(os.tmpdir(), "ayo-play-"));
  const file = path.join(kept, "play.sh");
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}
