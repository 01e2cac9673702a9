import { readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../../processes.ts";

/**
 * What a process says of itself in the box of requests, under one of two names:
 * - `coming`: a command is on its way to the store's lock; those which start meanwhile wait for it instead of loading all
 *   that a change needs too.
 * - `live`: a process that goes on (`ayo serve`, `mcp`, `watch`) does what commands ask of it.
 * It is a hint: whoever trusts one that is not true waits a moment longer. A link's text is there at once or not at all.
 */
export type Presence = "coming" | "live";

/** Who says so, and the code that it runs. */
export interface Present extends ProcessIdentity {
  readonly build: string;
}

/** Says that this process is there; false where another one is. */
export function announce(box: string, presence: Presence, pid: number, build: string): boolean {
  const text = JSON.stringify({ ...processIdentity(pid), build } satisfies Present);
  for (let left = 2; left > 0; left--) {
    try {
      symlinkSync(text, `${box}/${presence}`);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const other = readPresent(box, presence);
    if (other !== undefined && !isProvablyDead(other)) return false;
    withdraw(box, presence);
  }
  return false;
}

/** Whether somebody is there who would do the work of others, with this code. */
export function isPresent(box: string, presence: Presence, build: string): boolean {
  const other = readPresent(box, presence);
  return other !== undefined && other.build === build && !isProvablyDead(other);
}

/** Takes back what was announced: by this process, where a pid is given. */
export function withdraw(box: string, presence: Presence, pid?: number): void {
  try {
    if (pid === undefined || readPresent(box, presence)?.pid === pid) unlinkSync(`${box}/${presence}`);
  } catch {
    // It is gone, or stays until somebody sees that this process has ended.
  }
}

/** Who is there, if it is known. */
export function readPresent(box: string, presence: Presence): Present | undefined {
  try {
    return JSON.parse(readlinkSync(`${box}/${presence}`)) as Present;
  } catch {
    return undefined;
  }
}
