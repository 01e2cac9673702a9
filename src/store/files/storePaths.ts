import { accessSync, constants, lstatSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { mapFsError, syncDir } from "../../git/disk/durable.ts";

/**
 * Makes sure, before anything is changed, that the files can be put in place. A file that its owner made read-only is
 * not replaced, though the folder would let us.
 * @throws store_not_writable
 */
export function assertWritable(dir: string, names: Iterable<string>): void {
  // What a map hands out is gone once it was looked through.
  const files = [...names];
  for (const file of files) {
    const stat = lstatSync(path.join(dir, file), { throwIfNoEntry: false });
    if (stat?.isFile() && (stat.mode & 0o222) === 0) {
      throw new AyoError("store_not_writable", `${file} is read-only; nothing was changed: chmod u+w it first`, {
        data: { path: file },
      });
    }
  }
  for (const folder of new Set([".", ...files.map((file) => path.dirname(file))])) {
    const full = path.join(dir, folder);
    try {
      accessSync(full, constants.W_OK | constants.X_OK);
    } catch (error) {
      // A folder that does not exist yet is made in one that was asked about.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || folder === ".")
        throw mapFsError(error, path.join(full, "any"));
    }
  }
}

/** Syncs the folders that `files` were placed in. */
export function syncFolders(dir: string, files: Iterable<string>): void {
  for (const folder of foldersOf(dir, files)) syncDir(folder);
}

/** The folders that `files` were placed in, and those that these may be new in, as far as they are still there. */
export function foldersOf(dir: string, files: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = path.dirname(file);
    for (; folder !== "."; folder = path.dirname(folder)) folders.add(path.join(dir, folder));
    folders.add(dir);
  }
  return [...folders].filter((folder) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory());
}

/**
 * Makes sure that a path stays inside the store, also through links that somebody planted.
 * @throws bad_input
 */
export function assertInside(dir: string, file: string): void {
  const parts = file.split("/");
  // Where it parts no names a backslash is a letter: what somebody called so stops nobody.
  const isWay = (part: string): boolean => path.sep === "\\" && part.includes("\\");
  if (parts.some((part) => part === "" || part === "." || part === ".." || /^\.git$/i.test(part) || isWay(part))) {
    throw new AyoError("bad_input", `'${file}' is not a path inside the store`);
  }
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = path.join(dir, ...parts.slice(0, depth));
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) {
      throw new AyoError("bad_input", `${folder} is not a directory of the store: remove the link or file`);
    }
  }
}
