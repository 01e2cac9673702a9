import { type FindId, idsNear, resolveTag } from "../../ticket/messages/ticketTags.ts";
import { deletedIds } from "../disk/deleted.ts";
import { archiveOf, type View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import { type CommitScan, newestFirst } from "./commitScan.ts";

/** A `TICKET: <id>` that names no ticket. */
export interface UnknownTag {
  /** As it is typed. */
  readonly id: string;
  /** Up to three ids that may have been meant. */
  readonly near: readonly string[];
  /** There was such a ticket, and it was deleted. */
  readonly deleted: boolean;
  /** The commits that say so, the newest first. */
  readonly commits: readonly string[];
}

/** For how many unknown ids near ones are looked for: it takes milliseconds each. */
const MAX_NEAR = 50;

/** The tags of commits that name no ticket, those of the newest commits first. */
export async function unknownTags(scan: CommitScan, store: Store, view: View, find: FindId): Promise<UnknownTag[]> {
  const commits = new Map<string, string[]>();
  for (const { oid, tags } of newestFirst(scan.commits.all())) {
    for (const tag of tags) {
      if (tag.certain && resolveTag(tag, find) === undefined)
        commits.set(tag.text, [...(commits.get(tag.text) ?? []), oid]);
    }
  }
  const near = await nearIds(store, view);
  return [...commits].map(([id, oids], at) => ({ id, ...(at < MAX_NEAR ? near(id) : NOTHING), commits: oids }));
}

const NOTHING = { near: [], deleted: false };

/** What to say of an id that names no ticket. */
export async function nearIds(store: Store, view: View): Promise<(id: string) => Pick<UnknownTag, "near" | "deleted">> {
  const archive = await archiveOf(store, view);
  let ids: readonly string[] | undefined;
  let deleted: ReadonlySet<string> | undefined;
  return (id) => {
    ids ??= [...view.byId.keys(), ...archive.ids()];
    deleted ??= new Set([...deletedIds(store.dir)].map((one) => one.toLowerCase()));
    return { near: idsNear(id, ids), deleted: deleted.has(id.toLowerCase()) };
  };
}
