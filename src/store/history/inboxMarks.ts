import path from "node:path";
import { AyoError } from "../../error.ts";
import { makeFolders } from "../../folderOwner.ts";
import { mapFsError, writeDurable } from "../../git/disk/durable.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import { homeFolder, nameFor } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";

/** What somebody did with a line of his inbox: it is away for good, or until then; or he was told of it. */
export interface Mark {
  /** What the line was about: of a ticket that asks something else the line is there again. */
  readonly about: string;
  /** Milliseconds since 1970. */
  readonly done?: number | undefined;
  readonly until?: number | undefined;
  readonly told?: number | undefined;
}

/** By the key of the line. */
export type Marks = Map<string, Mark>;

type Place = Pick<Store, "dir" | "host">;

const MAX_BYTES = 64 * 1024 * 1024;
/** Nobody holds the lock for so long: whoever has it was stopped, or is gone. */
const STALE_MS = 5_000;

/** What somebody did with his inbox; what cannot be read is told, and hides nothing. */
export function readMarks(place: Place, name: string): { readonly marks: Marks; readonly trouble?: string } {
  const file = fileOf(place, name);
  const read = readStoreFile(file, { limit: MAX_BYTES });
  if (read === undefined) return { marks: new Map() };
  if (read instanceof Unread) return { marks: new Map(), trouble: `${file}: ${read.message}` };
  try {
    const { marks } = JSON.parse(read.bytes.toString("utf8")) as { readonly marks: Record<string, Mark> };
    const known = Object.entries(marks).filter(([, mark]) => typeof mark?.about === "string");
    return { marks: new Map(known) };
  } catch {
    return { marks: new Map(), trouble: `${file} is not as ayo writes it` };
  }
}

/**
 * Changes what is kept, one process after the other; `change` says whether anything is to be written.
 * @throws bad_config for what cannot be read, store_busy, store_not_writable, disk_full
 */
export async function changeMarks<T>(
  place: Place,
  name: string,
  change: (marks: Marks) => { readonly result: T; readonly isChanged: boolean },
): Promise<T> {
  const file = fileOf(place, name);
  const folder = path.dirname(file);
  try {
    makeFolders(folder, 0o700);
    const release = await lock(folder);
    try {
      const { marks, trouble } = readMarks(place, name);
      // What cannot be read is not written over: it may be mended.
      if (trouble !== undefined) throw new AyoError("bad_config", trouble, { data: { path: file } });
      const { result, isChanged } = change(marks);
      const text = `${JSON.stringify({ schema: 1, name, marks: Object.fromEntries(marks) })}\n`;
      if (isChanged) writeDurable(file, Buffer.from(text), { tmpDir: folder, mode: 0o600 });
      return result;
    } finally {
      await release();
    }
  } catch (error) {
    throw mapFsError(error, file);
  }
}

async function lock(folder: string): Promise<() => Promise<void>> {
  const { default: lockfile } = await import("proper-lockfile");
  try {
    const release = await lockfile.lock(folder, {
      realpath: false,
      stale: STALE_MS,
      retries: { retries: 200, minTimeout: 5, maxTimeout: 100 },
      onCompromised: () => {},
    });
    // Somebody took it over: there is nothing to give back.
    return () => release().catch(() => {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    throw new AyoError("store_busy", `${folder} is locked by another process`);
  }
}

/** In AYO_HOME, by where the store lies and who it is. */
function fileOf(place: Place, name: string): string {
  return path.join(homeFolder(place, "inbox"), `${nameFor(name.toLowerCase())}.json`);
}
