import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Draft } from "../../../store/change/draft.ts";
import { readArchived } from "../../../store/disk/archive/archive.ts";
import { idsEverDeleted } from "../../../store/disk/deleted.ts";
import { archiveOf } from "../../../store/disk/view.ts";
import type { Store } from "../../../store/open/store.ts";
import { ownPrefix } from "../../../store/open/storeId.ts";

const DIGITS = 36;
const LENGTH = 6;

/** Where a ticket that is made once lies: it is to be made, it was, or it was and is gone. */
export interface OncePlace {
  readonly id: string;
  readonly state: "free" | "made" | "gone";
}

/**
 * The place of the ticket with this `once`: its id is made of that, so that two machines make the same ticket. `again`:
 * one that is gone is made anew, elsewhere.
 */
export async function placeOf(store: Store, draft: Draft, once: string, again = false): Promise<OncePlace> {
  const prefix = draft.view.config.prefix ?? ownPrefix(store.dir);
  for (let turn = 0; ; turn++) {
    const id = `${prefix}-${digitsOf(`${once}\n${turn}`)}`;
    const state = await stateOf(store, draft, id, once);
    if (state !== undefined && !(again && state === "gone")) return { id, state };
  }
}

/** Undefined where another ticket has the id. */
async function stateOf(
  store: Store,
  { view, files }: Draft,
  id: string,
  once: string,
): Promise<OncePlace["state"] | undefined> {
  const archived = (await archiveOf(store, view)).find(id);
  const ticket = view.byId.get(id) ?? (archived && (await readArchived(store, archived.path)));
  if (ticket !== undefined) return ticket.fields.once === once ? "made" : undefined;
  if ((await idsEverDeleted(store)).has(id)) return "gone";
  return files.has(`${id}.md`) || existsSync(path.join(store.dir, `${id}.md`)) ? undefined : "free";
}

function digitsOf(text: string): string {
  const hash = createHash("sha256").update(text).digest();
  return hash.readUIntBE(0, LENGTH).toString(DIGITS).padStart(LENGTH, "0").slice(-LENGTH);
}
