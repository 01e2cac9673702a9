import path from "node:path";
import { readStoreFile, Unread } from "../../files/storeFile.ts";
import { homeFolder } from "../../open/locate/homeFolder.ts";
import type { Store } from "../../open/store.ts";
import { writePrivate } from "../../open/writePrivate.ts";

type Place = Pick<Store, "dir" | "host">;

/** What was seen longer ago may be mended meanwhile, and who still looks says it again sooner. In milliseconds. */
const FRESH_MS = 3 * 60_000;
const AGAIN_MS = 60_000;
const MAX_BYTES = 1024 * 1024;

/** Why agents cannot be started, by their names. */
export type Unready = ReadonlyMap<string, readonly string[]>;

interface Kept {
  readonly at: number;
  readonly agents: Readonly<Record<string, readonly string[]>>;
}

/** Keeps what a dispatcher saw, for those who must not start programs to see it. @throws disk_full, store_not_writable */
export function keepUnready(place: Place, unready: Unready): void {
  const now = place.host.now();
  const kept = read(place);
  const agents = Object.fromEntries(unready);
  const isSame = JSON.stringify(kept?.agents ?? {}) === JSON.stringify(agents);
  if (isSame && (unready.size === 0 || now - (kept?.at ?? 0) < AGAIN_MS)) return;
  writePrivate(fileOf(place), `${JSON.stringify({ at: now, agents } satisfies Kept)}\n`);
}

/** What a dispatcher that is at work saw last. */
export function lastUnready(place: Place): Unready {
  const kept = read(place);
  if (kept === undefined || Math.abs(place.host.now() - kept.at) > FRESH_MS) return new Map();
  return new Map(Object.entries(kept.agents));
}

function read(place: Place): Kept | undefined {
  const found = readStoreFile(fileOf(place), { limit: MAX_BYTES });
  if (found === undefined || found instanceof Unread) return undefined;
  try {
    const { at, agents } = JSON.parse(found.bytes.toString("utf8")) as Partial<Kept>;
    return typeof at === "number" && typeof agents === "object" && agents !== null ? { at, agents } : undefined;
  } catch (error) {
    // Half a file tells nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fileOf(place: Place): string {
  return path.join(homeFolder(place, "ready"), "agents.json");
}
