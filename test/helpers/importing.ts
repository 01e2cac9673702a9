import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { fsck, git } from "./git.ts";
import { gitRepo } from "./gitRepo.ts";
import { runHere } from "./runHere.ts";

/** What `ayo import --json` answered, and what it said. */
export interface ImportRun {
  readonly code: number | null;
  readonly stderr: string;
  readonly answer: Record<string, never> & { readonly needYou: readonly { readonly message: string }[] };
}

/** Writes files below a folder, folders included. */
export function writeFiles(dir: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
}

/** A repository with these files in it. */
export function repoWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = gitRepo();
  writeFiles(dir, files);
  return dir;
}

/** Runs an import and reads its JSON. */
export async function runImport(dir: string, ...words: readonly string[]): Promise<ImportRun> {
  const { code, stdout, stderr } = await runHere(dir, ["import", ...words, "--json"]);
  return { code, stderr, answer: stdout === "" ? {} : JSON.parse(stdout) };
}

/**
 * Imports, and checks what holds for every source: a dry run before says the same and writes nothing, a second import
 * changes nothing, and the store is whole and clean for the real git.
 */
export async function importTwice(dir: string, ...words: readonly string[]): Promise<ImportRun> {
  const dry = await runImport(dir, ...words, "--dry-run");
  const run = await runImport(dir, ...words);
  const { commit: _, dryRun: __, wouldChange, ...told } = dry.answer as Record<string, unknown>;
  expect([wouldChange, run.answer]).toMatchObject([true, told]);
  const again = await runImport(dir, ...words);
  const { ids } = run.answer as unknown as { ids: readonly string[] };
  expect(again.answer).toMatchObject({ imported: 0, updated: 0, unchanged: ids.length, commit: null });
  const store = path.join(dir, ".tickets");
  fsck(store);
  expect(git(store, "status", "--porcelain")).toBe("");
  return run;
}

/** A ticket's file in the store. */
export function ticketText(dir: string, id: string): string {
  return readFileSync(path.join(dir, ".tickets", `${id}.md`), "utf8");
}
