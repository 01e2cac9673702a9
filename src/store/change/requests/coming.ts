import { readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { isProvablyDead, type ProcessIdentity, processIdentity } from "../../../processes.ts";

/**
 * Says in the box of requests that a command is on its way to the store's lock, so that those which start meanwhile
 * wait for it instead of loading all that a change needs too. It is a hint: whoever trusts one that is not true waits a
 * moment longer. A link's text is there at once or not at all.
 */
const NAME = "coming";

interface Coming extends ProcessIdentity {
  readonly build: string;
}

/** Says that this process comes; false where another one does already. */
export function announce(box: string, pid: number, build: string): boolean {
  const text = JSON.stringify({ ...processIdentity(pid), build } satisfies Coming);
  for (let left = 2; left > 0; left--) {
    try {
      symlinkSync(text, `${box}/${NAME}`);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const other = readComing(box);
    if (other !== undefined && !isProvablyDead(other)) return false;
    withdraw(box);
  }
  return false;
}

/** Whether somebody comes who would do the work of others, with this code. */
export function isComing(box: string, build: string): boolean {
  const coming = readComing(box);
  return coming !== undefined && coming.build === build && !isProvablyDead(coming);
}

/** Takes back what was announced: by this process, where a pid is given. */
export function withdraw(box: string, pid?: number): void {
  try {
    if (pid === undefined || readComing(box)?.pid === pid) unlinkSync(`${box}/${NAME}`);
  } catch {
    // It is gone, or stays until somebody sees that this process has ended.
  }
}

/** Who comes, if it is known. */
export function readComing(box: string): Coming | undefined {
  try {
    return JSON.parse(readlinkSync(`${box}/${NAME}`)) as Coming;
  } catch {
    return undefined;
  }
}
