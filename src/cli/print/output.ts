import { randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { giveAs, giveToFolder } from "../../folderOwner.ts";

/** A file that is written beside its name and gets it at the end, so that it is never half a file. */
export interface Output {
  write(text: string | Uint8Array): void;
  /** Puts the file in place. */
  commit(): void;
  /** Removes what was written; nothing after `commit`. */
  abandon(): void;
}

/**
 * Opens `file` for writing; a device or pipe is written directly.
 * @throws bad_input for a file inside the store or one that cannot be written, disk_full
 */
export function openOutput(cwd: string, file: string, storeDir: string): Output {
  const target = targetOf(path.resolve(cwd, file), file);
  const inStore = path.relative(realpathSync(storeDir), target);
  if (inStore === "" || !(inStore.startsWith(`..${path.sep}`) || inStore === ".." || path.isAbsolute(inStore))) {
    throw new AyoError("bad_input", `${file} is inside the store: write it somewhere else`);
  }
  const before = statSync(target, { throwIfNoEntry: false });
  const isSpecial = before?.isFile() === false;
  const temporary = isSpecial ? target : path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
  let handle: number | undefined = attempt(file, () =>
    openSync(temporary, isSpecial ? "w" : "wx", (before?.mode ?? 0o666) & 0o777),
  );
  if (!isSpecial) attempt(file, () => own(handle as number, temporary, before));
  const close = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  return {
    write: (text) => attempt(file, () => writeAll(handle as number, text)),
    commit: () => {
      attempt(file, () => {
        if (!isSpecial) fsyncSync(handle as number);
        close();
        if (!isSpecial) renameSync(temporary, target);
      });
    },
    abandon: () => {
      close();
      if (!isSpecial) rmSync(temporary, { force: true });
    },
  };
}

/** The owner of the file that was there, or else of the folder. */
function own(handle: number, temporary: string, before: Stats | undefined): void {
  if (before === undefined) giveToFolder(handle, temporary);
  else giveAs(handle, before);
}

/** Where the bytes go: behind links, with the real path of the folder. */
function targetOf(full: string, file: string): string {
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw new AyoError("bad_input", `${file} is a directory; name a file in it`);
  if (stat !== undefined) return realpathSync(full);
  if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) {
    throw new AyoError("bad_input", `${file} is a link to nothing`);
  }
  return attempt(file, () => path.join(realpathSync(path.dirname(full)), path.basename(full)));
}

function writeAll(handle: number, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new AyoError("disk_full", `no space left to write ${file}`, { cause: error });
    }
    const why = code === "ENOENT" ? "its directory does not exist" : (error as Error).message;
    throw new AyoError("bad_input", `cannot write ${file}: ${why}`, { cause: error });
  }
}
