import { readFileSync } from "node:fs";
import path from "node:path";
import { appendOwned } from "../../folderOwner.ts";

/** The file in the state directory: a line for each version of a ticket, its blob and its status. */
const FILE = "statuses.table";
const LINE = /^([0-9a-f]{40}) (\S*)$/gm;

/** Which statuses versions of tickets have; a version never changes. */
export interface KnownStatuses {
  /** "" for one that is no readable ticket. */
  get(blob: string): string | undefined;
  add(blob: string, status: string): void;
  /** Adds what is new to the file. */
  keep(): void;
}

/** Opens the cache; where there is none, or it cannot be read, everything is read anew. */
export function knownStatuses(stateDir: string | undefined): KnownStatuses {
  const known = new Map<string, string>();
  const fresh: string[] = [];
  for (const [, blob = "", status = ""] of (stateDir === undefined ? "" : load(stateDir)).matchAll(LINE))
    known.set(blob, decode(status));
  return {
    get: (blob) => known.get(blob),
    add: (blob, status) => {
      known.set(blob, status);
      fresh.push(`${blob} ${encodeURIComponent(status)}\n`);
    },
    keep: () => {
      if (stateDir !== undefined && fresh.length > 0) append(stateDir, fresh.splice(0).join(""));
    },
  };
}

function load(stateDir: string): string {
  try {
    return readFileSync(path.join(stateDir, FILE), "latin1");
  } catch {
    return "";
  }
}

function decode(status: string): string {
  try {
    return decodeURIComponent(status);
  } catch {
    return "";
  }
}

function append(stateDir: string, lines: string): void {
  try {
    // A line that was torn is none, and begins no other.
    appendOwned(path.join(stateDir, FILE), `\n${lines}`, "latin1");
  } catch {
    // It is read anew next time.
  }
}
