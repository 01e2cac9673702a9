import os from "node:os";
import path from "node:path";

/** The programs that the contract is run with, at the versions that it is known to hold for. */
export const PROGRAMS = {
  claude: { name: "@anthropic-ai/claude-code", version: "2.1.332" },
  codex: { name: "@openai/codex", version: "0.171.0" },
  gemini: { name: "@google/gemini-cli", version: "0.61.0" },
} as const;
/** One of them, by the name of its command. */
export type Program = keyof typeof PROGRAMS;

/** Whether the contract is to be run. */
export const HARNESS = process.env.AYO_HARNESS === "1";

/**
 * Where programs are kept between runs, and where their projects lie meanwhile: sandboxes let everybody write into the
 * places for temporary files.
 */
export const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "ayo-harness");

/** The directory that one version of a program is installed in. */
export function folderOf(program: Program): string {
  const { name, version } = PROGRAMS[program];
  return path.join(CACHE, `${name.replace("/", "+")}@${version}`);
}

/** The program's command. */
export function commandOf(program: Program): string {
  return path.join(folderOf(program), "node_modules/.bin", program);
}

/** Says why the contract is not run, unless only other tests were asked for. */
export function sayWhyNot(words: readonly string[]): void {
  const named = words.filter((word) => /^test(?:\/|$)|\.ts$/.test(word) && !word.endsWith("vitest.config.ts"));
  if (HARNESS || (named.length > 0 && !named.some((word) => word.startsWith("test/harness")))) return;
  const what = Object.entries(PROGRAMS).map(([program, { version }]) => `${program} ${version}`);
  console.warn(
    `test/harness is not run: it is for the real programs (${what.join(", ")}), 900 MB from the npm registry into ` +
      `${CACHE}. AYO_HARNESS=1 runs it.`,
  );
}
