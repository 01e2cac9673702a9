import { createHash } from "node:crypto";
import { chmodSync, lstatSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { makeFolders } from "../../folderOwner.ts";
import { mapFsError, syncDir, writeTemporary } from "../disk/durable.ts";

/** How a hook came to lie in its folder. */
export interface InstalledHook {
  readonly file: string;
  /** The hook that was there before, which runs first. */
  readonly chained: string | null;
  /** False where it lay there as it is. */
  readonly changed: boolean;
}

/** How a hook was taken away. */
export interface RemovedHook {
  readonly file: string;
  /** The hook that was there before is back. */
  readonly restored: boolean;
}

const SEAL = "# checksum: ";

/** The name under which the hook that was there before is kept. */
export function chainedName(name: string): string {
  return `${name}.before-ayo`;
}

/**
 * Puts a script of ours where git looks for the hook `name`; another's hook that is there is kept beside it, with all
 * its bits, for the script to call. In the script `@FOLDER@` becomes how many folders had to be made, for
 * {@link removeHook}.
 * @throws conflict where ours was edited, or another's was kept and there is one again; disk_full, store_not_writable
 */
export function installHook(dir: string, name: string, script: string, dryRun = false): InstalledHook {
  const file = path.join(dir, name);
  const kept = path.join(dir, chainedName(name));
  const old = stateOf(file, name);
  if (old === "edited") throw edited(file);
  if (old === "other" && existsEven(kept)) {
    throw new AyoError(
      "conflict",
      `${file} is not ayo's, and ${path.basename(kept)} is there too: one of them has to go`,
      {
        data: { file, kept },
      },
    );
  }
  if (dryRun) return planned(file, kept, old, script);
  try {
    const made = makeMissing(dir) || (old === "ours" ? foldersMade(file) : 0);
    const bytes = sealed(script.replaceAll("@FOLDER@", String(made)));
    const chained = old === "other" || existsEven(kept) ? kept : null;
    if (old === "ours" && readFileSync(file).equals(bytes)) return { file, chained, changed: false };
    const temporary = writeTemporary(dir, bytes, file, 0o755);
    try {
      chmodSync(temporary, 0o755);
      if (old === "other") renameSync(file, kept);
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncDir(dir);
    return { file, chained, changed: true };
  } catch (error) {
    throw mapFsError(error, file);
  }
}

/** What installing would come to. */
function planned(file: string, kept: string, old: ReturnType<typeof stateOf>, script: string): InstalledHook {
  const chained = old === "other" || existsEven(kept) ? kept : null;
  if (old !== "ours") return { file, chained, changed: true };
  const bytes = sealed(script.replaceAll("@FOLDER@", String(foldersMade(file))));
  return { file, chained, changed: !readFileSync(file).equals(bytes) };
}

/**
 * Takes a script of ours away and puts back what was there before; undefined where there is none of ours.
 * @throws conflict where it was edited; disk_full, store_not_writable
 */
export function removeHook(dir: string, name: string, dryRun = false): RemovedHook | undefined {
  const file = path.join(dir, name);
  const kept = path.join(dir, chainedName(name));
  const state = stateOf(file, name);
  if (state === "edited") throw edited(file);
  if (state !== "ours") return undefined;
  if (dryRun) return { file, restored: existsEven(kept) };
  try {
    const made = foldersMade(file);
    const restored = existsEven(kept);
    if (restored) renameSync(kept, file);
    else rmSync(file);
    syncDir(dir);
    if (!restored) removeEmpty(dir, made);
    return { file, restored };
  } catch (error) {
    throw mapFsError(error, file);
  }
}

function stateOf(file: string, name: string): "none" | "ours" | "edited" | "other" {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return "none";
  if (stat.isDirectory()) throw new AyoError("conflict", `${file} is a folder; git looks for a hook there`);
  if (!stat.isFile()) return "other";
  const text = readFileSync(file, "latin1");
  if (!text.split("\n", 2)[1]?.startsWith(`# ayo ${name} hook`)) return "other";
  const end = text.lastIndexOf(SEAL);
  return end >= 0 && text === sealed(text.slice(0, end)).toString("latin1") ? "ours" : "edited";
}

/** The text with its checksum as the last line, so that nobody's edits are taken away with it. */
function sealed(text: string): Buffer {
  const seal = createHash("sha1").update(Buffer.from(text, "latin1")).digest("hex");
  return Buffer.from(`${text}${SEAL}${seal}\n`, "latin1");
}

/** Makes a folder and those above it; how many were missing. */
function makeMissing(dir: string): number {
  const first = makeFolders(dir);
  return first === undefined ? 0 : path.relative(path.dirname(first), dir).split(path.sep).length;
}

function foldersMade(file: string): number {
  return Number(/\n# folders made: (\d+)\n/.exec(readFileSync(file, "latin1"))?.[1] ?? 0);
}

/** Whether there is something of that name, be it a link to nothing. */
function existsEven(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function edited(file: string): AyoError {
  return new AyoError(
    "conflict",
    `${file} was edited since ayo put it there: take your lines out, or remove it yourself`,
    {
      data: { file },
    },
  );
}

/** Takes folders away from the bottom up, as long as there is nothing in them. */
function removeEmpty(dir: string, levels: number): void {
  try {
    for (let at = dir, left = levels; left > 0; at = path.dirname(at), left--) rmdirSync(at);
  } catch {
    // Somebody has put something there since.
  }
}
