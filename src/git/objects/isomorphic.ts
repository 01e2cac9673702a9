import fs from "node:fs";
import { readObject } from "isomorphic-git";
import type { Repository } from "../repository/repository.ts";
import type { GitObject } from "./objects.ts";

/**
 * The only importer of isomorphic-git, which reads what our own reader of packs is not sure of (readFromPacks.ts), and what
 * `doctor` salvages. It only reads, through a file system that cannot write, since it writes an object in place and
 * unsynced, where a crash leaves half of it; and that has nothing but packs: a damaged loose object would keep it from
 * reading the whole one in a pack.
 */
const refuse = async (): Promise<never> => {
  throw new Error("isomorphic-git may not write");
};
const { lstat, readdir, readlink, stat } = fs.promises;
const readOnly = {
  promises: {
    lstat,
    readdir,
    readFile: async (file: string, options?: Parameters<typeof fs.promises.readFile>[1]) => {
      if (!/\/objects\/pack\/[^/]+$/.test(file)) throw Object.assign(new Error(`no ${file}`), { code: "ENOENT" });
      return fs.promises.readFile(file, options);
    },
    readlink,
    stat,
    mkdir: refuse,
    rm: refuse,
    rmdir: refuse,
    symlink: refuse,
    unlink: refuse,
    writeFile: refuse,
    chmod: refuse,
  },
};

/** Pack indexes stay parsed for the life of the process; a new pack is found since its name is new. */
let cache = {};

/** Reads pack indexes again: after a repair, one of the same name is another. */
export function forgetPacks(): void {
  cache = {};
}

/**
 * Reads an object from the repository's packs; undefined when none has it, or has it damaged.
 * @throws the system's own errors, e.g. too many open files
 */
export async function readPackedObject(
  { commonDir }: Pick<Repository, "commonDir">,
  oid: string,
): Promise<GitObject | undefined> {
  const read = async (): Promise<GitObject> => {
    const gitdir = commonDir.replaceAll("\\", "/");
    const { object, type } = await readObject({ fs: readOnly, gitdir, oid, format: "content", cache });
    return { type: type as string, bytes: Buffer.from(object as Uint8Array) };
  };
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return undefined;
  }
  // A `git gc` may have replaced the pack between the listing and the read.
  forgetPacks();
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return (error as { code?: string }).code === "NotFoundError";
}
