import path from "node:path";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { homeFolder } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";

type Place = Pick<Store, "dir" | "host">;

/** Why a pipeline did not begin a run that it was to begin. */
export interface Trouble {
  /** What it is about: it is told once. */
  readonly key: string;
  readonly pipeline: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  /** How often the same was met since, where that is counted. */
  readonly more?: number;
}

const KEEP_MS = 7 * 24 * 60 * 60 * 1000;
const MOST = 50;
const MAX_BYTES = 1024 * 1024;

/** What this machine has to tell of pipelines, the newest last; what is a week old is forgotten. */
export function troublesOf(place: Place): readonly Trouble[] {
  const read = readStoreFile(fileOf(place), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return [];
  try {
    const list: unknown = JSON.parse(read.bytes.toString("utf8"));
    return Array.isArray(list) ? list.filter(isTrouble).filter(({ at }) => place.host.now() - at < KEEP_MS) : [];
  } catch (error) {
    // Half a file tells nothing.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Keeps one more for inboxes, `more: 0` for one that is counted; false where it is known already. @throws disk_full, store_not_writable */
export function keepTrouble(place: Place, trouble: Trouble): boolean {
  const known = troublesOf(place);
  if (known.some(({ key }) => key === trouble.key)) {
    const counted = known.map((one) => (one.key === trouble.key ? { ...one, more: (one.more ?? 0) + 1 } : one));
    if (trouble.more !== undefined) writePrivate(fileOf(place), `${JSON.stringify(counted)}\n`);
    return false;
  }
  writePrivate(fileOf(place), `${JSON.stringify([...known, trouble].slice(-MOST))}\n`);
  return true;
}

function isTrouble(value: unknown): value is Trouble {
  if (typeof value !== "object" || value === null) return false;
  const { key, pipeline, at, text } = value as Partial<Trouble>;
  return [key, pipeline, text].every((one) => typeof one === "string") && typeof at === "number";
}

function fileOf(place: Place): string {
  return path.join(homeFolder(place, "pipelines"), "troubles.json");
}
