import { isAncestor } from "../../git/commits/history.ts";
import { readHead } from "../../git/refs/refs.ts";
import type { Told } from "../../ticket/merge/trees/trees.ts";
import { countBeyond } from "../events/branchLine.ts";
import type { Journal, Store } from "../open/store.ts";
import { readContact } from "./contact.ts";
import type { Remote } from "./findRemote.ts";
import { configOf, refOf } from "./lookHere.ts";
import { assertOwn } from "./meeting.ts";
import { mergeCommits } from "./mergeCommits.ts";
import { contactError } from "./noContact.ts";
import { type Outbox, takeOutboxes } from "./outbox/takeOutboxes.ts";
import { transportTo } from "./transportTo.ts";

/** What a sync would do now. */
export interface Preview {
  readonly ref: string;
  readonly commit: string;
  readonly came: number;
  readonly went: number;
  readonly told: readonly Told[];
  readonly outbox: readonly Outbox[];
}

/** Looks at the other side, brings what it has among the store's objects, and merges it without changing anything. */
export async function preview(store: Store, journal: Journal, remote: Remote, mayAsk: boolean): Promise<Preview> {
  assertOwn(journal);
  const { repository } = journal;
  const config = await configOf(store);
  const ref = refOf(config, readContact(store));
  const head = readHead(repository).oid as string;
  const transport = transportTo(store, journal, remote, { mayAsk, head });
  try {
    const there = await transport.look(ref);
    const count = (from: string | undefined, to: string) => countBeyond(journal, from, to);
    if (there === undefined)
      return { ref, commit: head, came: 0, went: await count(undefined, head), told: [], outbox: [] };
    if (!(await isAncestor(repository, there, head))) await transport.fetch(ref);
    const merged = await mergeCommits(store, journal, head, there);
    const { commit } = merged;
    const told = merged.state === "merged" ? merged.told : [];
    const { list } = await takeOutboxes(store, journal, remote, { seen: commit });
    const outbox = list.map(({ key: _key, ...one }) => one);
    return { ref, commit, came: await count(head, there), went: await count(there, commit), told, outbox };
  } catch (error) {
    throw await contactError(remote, transport, error);
  }
}
