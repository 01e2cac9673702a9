import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolders, writeOwned } from "../../folderOwner.ts";
import { readPackedObject } from "../objects/isomorphic.ts";
import { hashObject, type ObjectType } from "../objects/objects.ts";
import { type PackObject, writePack } from "../objects/pack.ts";
import { packedIds } from "../objects/packIndex.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * Stores every object of a damaged pack that can still be read in a new pack; returns how many. A pack is refused as a
 * whole when its checksum is wrong, so that a copy with a right one is read, in `folder`, which is removed again.
 * @throws disk_full, store_not_writable
 */
export async function salvagePack(repository: Repository, pack: string, folder: string): Promise<number> {
  const copy: Repository = { worktree: folder, gitDir: folder, commonDir: folder, bare: true };
  const target = path.join(folder, "objects", "pack");
  const payload = readFileSync(pack).subarray(0, -20);
  const index = readFileSync(pack.replace(/pack$/, "idx")).subarray(0, -40);
  const seal = sha1(payload);
  try {
    makeFolders(target);
    writeOwned(path.join(target, "pack-copy.pack"), Buffer.concat([payload, seal]));
    const sealed = Buffer.concat([index, seal]);
    writeOwned(path.join(target, "pack-copy.idx"), Buffer.concat([sealed, sha1(sealed)]));
    const whole: PackObject[] = [];
    for (const oid of packedIds(copy)) {
      const object = await readPackedObject(copy, oid);
      if (object === undefined || hashObject(object.type as ObjectType, object.bytes) !== oid) continue;
      whole.push({ type: object.type as ObjectType, bytes: object.bytes });
    }
    return writePack(repository, whole).oids.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sha1(bytes: Buffer): Buffer {
  return createHash("sha1").update(bytes).digest();
}
