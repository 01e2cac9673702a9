import { readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { mapAside } from "../../git/disk/durable.ts";
import { arePlainFolders } from "../files/plainFolder.ts";
import type { Store } from "../open/store.ts";
import { liveRuns } from "./liveRuns.ts";
import { allRuns, makeRunFolder, type RunName, type RunRecord, runFolder, runsFolder, runWord } from "./record.ts";

type Place = Pick<Store, "dir" | "host">;

/** What a run becomes before it is removed: whoever is stopped in between leaves no half of one. */
const GONE = /^\.[1-9]\d{0,5}\.gone$/;

/** The runs that ended before a moment (milliseconds since 1970) and are looked at by nobody, the oldest first. */
export function oldRuns(place: Place, before: number): RunRecord[] {
  const live = new Set(liveRuns(place).map(runWord));
  return allRuns(place)
    .filter((run) => isHere(place, run))
    .filter((run) => run.state === "ended" && !live.has(runWord(run)) && Date.parse(run.ended ?? run.at) < before)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || one.n - other.n);
}

/** Of a run behind a link nothing is removed: what it leads to may be anything. */
function isHere(place: Place, run: RunName): boolean {
  const folder = runFolder(place, run);
  return arePlainFolders(runsFolder(place), path.dirname(folder), folder);
}

/** Removes what was kept of a run; its number is not given again. @throws store_not_writable */
export function removeRun(place: Place, run: RunRecord): void {
  const folder = runFolder(place, run);
  const above = path.dirname(folder);
  const gone = path.join(above, `.${run.n}.gone`);
  try {
    const isLast = !namesIn(above).some((name) => /^\d+$/.test(name) && Number(name) > run.n);
    renameSync(folder, gone);
    if (isLast) makeRunFolder(place, run);
    rmSync(gone, { recursive: true, force: true });
  } catch (error) {
    throw mapAside(error, folder);
  }
}

/** Finishes what a process that was stopped in it had begun to remove. */
export function finishRemoving(place: Place): void {
  const top = runsFolder(place);
  for (const ticket of namesIn(top)) {
    const folder = path.join(top, ticket);
    if (!arePlainFolders(top, folder)) continue;
    for (const name of namesIn(folder)) {
      if (GONE.test(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw mapAside(error, folder);
  }
}
