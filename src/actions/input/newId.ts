import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Draft } from "../../store/change/draft.ts";
import { idsEverDeleted } from "../../store/disk/deleted.ts";
import { isLeftOut } from "../../store/disk/gitMarks.ts";
import { archiveOf } from "../../store/disk/view.ts";
import type { Store } from "../../store/open/store.ts";
import { ownPrefix } from "../../store/open/storeId.ts";
import { isShared } from "../../store/open/syncFolder.ts";
import { randomId } from "../../ticket/ids.ts";

/** Random characters of an id: where other machines make ids at the same time, two are less likely to be the same. */
const LENGTH = { alone: 4, shared: 6 } as const;

/** An id that no ticket of this store has or ever had; longer after collisions. */
export async function newId(store: Store, draft: Draft): Promise<string> {
  const { view } = draft;
  const prefix = view.config.prefix ?? ownPrefix(store.dir);
  const archive = await archiveOf(store, view);
  const deleted = await idsEverDeleted(store);
  for (let length: number = LENGTH[isShared(store) ? "shared" : "alone"]; ; length++) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const id = randomId(prefix, randomBytes(64), length);
      const file = `${id}.md`;
      // A file that cannot be read, or holds another id, has its name all the same.
      const isUsed = draft.files.has(file) || existsSync(path.join(store.dir, file)) || isLeftOut(store, file);
      const taken = view.byId.has(id) || isUsed || archive.find(id) !== undefined || deleted.has(id);
      if (!taken) return id;
    }
  }
}
