import fs from "node:fs";
import { readObject } from "isomorphic-git";
import type { GitObject } from "./objects.ts";
import type { Repository } from "./repository.ts";

/**
 * The only importer of isomorphic-git, for what the hot path does not need: objects in packs. It only reads, through
 * a file system that cannot write, since its own writes are neither atomic nor locked (ecosystem.md section 4).
 */
const refuse = async (): Promise<never> => {
  throw new Error("isomorphic-git may not write");
};
const { lstat, readdir, readFile, readlink, stat } = fs.promises;
const readOnly = {
  promises: {
    lstat,
    readdir,
    readFile,
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
const cache = {};

/** Reads an object from the repository's packs; undefined when none has it. */
export async function readPackedObject({ commonDir }: Repository, oid: string): Promise<GitObject | undefined> {
  try {
    const { object, type } = await readObject({ fs: readOnly, gitdir: commonDir, oid, format: "content", cache });
    return { type: type as string, bytes: Buffer.from(object as Uint8Array) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether a pack has the object. */
export async function hasPackedObject(repository: Repository, oid: string): Promise<boolean> {
  return (await readPackedObject(repository, oid)) !== undefined;
}

function isNotFound(error: unknown): boolean {
  return (error as { code?: string }).code === "NotFoundError";
}
