import { readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";

/** When somebody last read the recap of a store, and the store's commit then. */
export interface LastLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly commit: string | null;
}

/** When this person or agent last looked; undefined for the first time, or where the record cannot be read. */
export function readLastLook(stateDir: string, name: string): LastLook | undefined {
  try {
    const { at, commit } = JSON.parse(readFileSync(fileOf(stateDir, name), "utf8")) as LastLook;
    return Number.isFinite(at) ? { at, commit: typeof commit === "string" ? commit : null } : undefined;
  } catch {
    return undefined;
  }
}

/** Records a look. Failing to is no error: the next recap then tells of more. */
export function writeLastLook(stateDir: string, name: string, look: LastLook): void {
  const file = fileOf(stateDir, name);
  const temporary = `${file}.${look.at}`;
  try {
    makeFolders(path.dirname(file));
    writeOwned(temporary, JSON.stringify(look));
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function fileOf(stateDir: string, name: string): string {
  return path.join(stateDir, "recap", `${encodeURIComponent(name).slice(0, 200)}.json`);
}
