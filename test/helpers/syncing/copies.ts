import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { syncFolder } from "../../../src/store/open/syncFolder.ts";
import { storeIn, type TempStore, testHost } from "../tempStore.ts";

/** What lay where, and where that lies in the copy. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/** A copy of a clone in a folder that does not exist yet, which shares its tickets with the same others. */
export function copyClone({ dir }: TempStore, to: string): TempStore {
  copy(dir, to);
  return settleIn(storeIn(to), { from: dir, to });
}

/** A copy of a folder with a hub and clones of it, which know each other where they lie now. */
export function copyTeam(from: string, to: string, names: readonly string[]): TempStore[] {
  copy(from, to);
  return names.map((name) => settleIn(storeIn(path.join(to, name)), { from, to }));
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

/** Git's examples of hooks would be copied with every copy. */
export function dropExamples(...gitDirs: readonly string[]): void {
  for (const dir of gitDirs)
    for (const name of readdirSync(path.join(dir, "hooks"))) rmSync(path.join(dir, "hooks", name));
}

/** The clone's remote, and what this machine keeps of its store, at their new places. */
function settleIn(store: TempStore, move: Move): TempStore {
  const was = path.join(move.from, path.relative(move.to, store.tickets));
  const folder = memoryOf(store, was);
  if (existsSync(folder)) copy(folder, memoryOf(store));
  rename(store, move);
  return store;
}

/** Has a clone know something by another name: an address, where it lies. */
export function rename(store: TempStore, { from, to }: Move): void {
  const folder = memoryOf(store);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  for (const file of [path.join(store.dir, ".git", "config"), ...names.map((name) => path.join(folder, name))])
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(from, to));
}

function memoryOf({ dir, tickets }: TempStore, where = tickets): string {
  return syncFolder({ dir: where, host: testHost(dir) });
}
