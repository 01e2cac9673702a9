import { closeSync, fsync, openSync, renameSync } from "node:fs";
import path from "node:path";
import { mapFsError, openTemporary } from "./durable.ts";
import { removeFile } from "./removeFile.ts";

/**
 * Files written now and made safe from a power cut together. One sync after the other is what a change of a ticket
 * costs most; together they share the disk's work.
 */
export interface Flush {
  /** Writes a temporary file in `dir`, not yet synced; `target` is what errors name. @throws disk_full, store_not_writable */
  write(dir: string, bytes: Buffer, target: string, mode?: number, name?: string): string;
  /** Renames a temporary file once it is synced. */
  rename(temporary: string, file: string): void;
  /** Syncs a folder that got or lost names. */
  folder(dir: string): void;
  /**
   * Syncs the files, then renames, then syncs the folders of the new names; what follows needs all of it on the disk.
   * @throws disk_full, store_not_writable; nothing was renamed then
   */
  sync(): Promise<void>;
  /** Removes temporary files that were not renamed. */
  drop(): void;
}

/** A flush with nothing in it. */
export function openFlush(): Flush {
  const open = new Map<string, number>();
  const left = new Set<string>();
  const renames: (readonly [temporary: string, file: string])[] = [];
  const folders = new Set<string>();
  const drop = (): void => {
    for (const handle of open.values()) closeSync(handle);
    for (const temporary of left) removeFile(temporary);
    open.clear();
    left.clear();
    renames.length = 0;
  };
  return {
    write: (dir, bytes, target, mode, name) => {
      const { temporary, handle } = openTemporary(dir, bytes, target, mode, name);
      open.set(temporary, handle);
      left.add(temporary);
      return temporary;
    },
    rename: (temporary, file) => {
      renames.push([temporary, file]);
      folders.add(path.dirname(file));
    },
    folder: (dir) => {
      folders.add(dir);
    },
    sync: async () => {
      try {
        await Promise.all([...open].map(([temporary, handle]) => syncHandle(handle, temporary)));
      } catch (error) {
        drop();
        throw error;
      }
      for (const handle of open.values()) closeSync(handle);
      open.clear();
      for (const [temporary, file] of renames) {
        renameSync(temporary, file);
        left.delete(temporary);
      }
      renames.length = 0;
      const all = [...folders];
      folders.clear();
      await syncFoldersTogether(all);
    },
    drop,
  };
}

/** Makes renames and new names in folders survive a power cut; a folder that cannot be synced is passed over. */
export async function syncFoldersTogether(folders: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(folders)].map(syncFolder));
}

async function syncFolder(dir: string): Promise<void> {
  let handle: number | undefined;
  try {
    handle = openSync(dir, "r");
    await syncHandle(handle, dir);
  } catch (error) {
    const { code = "" } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    if (!["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOENT", "ENOTSUP"].includes(code)) throw mapFsError(error, dir);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function syncHandle(handle: number, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(handle, (error) => {
      if (error === null) resolve();
      else reject(mapFsError(error, file));
    });
  });
}
