import { AyoError } from "../../error.ts";
import { isAncestor } from "../../git/commits/history.ts";
import { ROOT_COMMIT } from "../../git/repository/initRepository.ts";
import { formatTime } from "../../ticket/time.ts";
import { countBeyond } from "../events/branchLine.ts";
import { personOf } from "../open/identity/identity.ts";
import type { Journal, Store } from "../open/store.ts";
import type { Contact } from "./contact.ts";
import { addressOf, type Remote, shownAs } from "./findRemote.ts";
import { ticketsIn } from "./lookHere.ts";
import { mergeBases } from "./mergeCommits.ts";

/** What a first contact would show to others. */
export interface FirstContact {
  readonly remote: Remote;
  /** Tickets of this store, and commits that tell their history. */
  readonly tickets: number;
  readonly commits: number;
  /** Whether others' tickets are there already. */
  readonly hasTickets: boolean;
  /** They were there, and are no more: somebody took them away. */
  readonly wasRemoved: boolean;
  /** They were there, and another store is there now. */
  readonly isAnother: boolean;
}

/** Somebody's yes to a first contact: returns who says so, or throws. */
export type Confirm = (facts: FirstContact) => Promise<string> | string;

/** Two commits that are to become one, and what is known of where they lie. */
export interface Encounter {
  readonly store: Store;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly contact: Contact | undefined;
  readonly ref: string;
  readonly head: string;
  readonly there: string | undefined;
}

/**
 * What is remembered of a remote from now on. Nothing is shown to others that nobody said yes to for this address, and
 * for this store there; who has nothing yet and only takes shows nothing.
 * @throws what `confirm` throws; no_store, git_unsupported for what is no store's history
 */
export async function agreedContact(encounter: Encounter, confirm: Confirm): Promise<Contact> {
  const { store, journal, remote, contact, ref, head, there } = encounter;
  const isAnother = there !== undefined && (await isAnotherStore(encounter, there));
  const wasRemoved = contact?.seen !== undefined && contact.ref === ref && there === undefined;
  if (contact !== undefined && !wasRemoved && !isAnother) return contact;
  const agreed = (by: string): Contact => {
    const at = formatTime(store.host.now());
    return { store: store.dir, id: undefined, ...addressOf(remote), by, at };
  };
  if (head === ROOT_COMMIT) {
    if (there !== undefined && (await isAncestor(journal.repository, head, there))) return agreed(personOf(store).name);
    throw new AyoError("no_store", `there are no tickets here, and none at ${shownAs(remote)}`, {
      try: ["ayo", "init"],
    });
  }
  const facts = { tickets: await ticketsIn(store), commits: await countBeyond(journal, undefined, head) };
  const isNew = isAnother && contact !== undefined;
  const hasTickets = there !== undefined;
  return agreed(await confirm({ remote, ...facts, hasTickets, wasRemoved, isAnother: isNew }));
}

/**
 * Whether what lies there has nothing in common with what is here but the beginning that all stores have.
 * @throws git_unsupported where it has not even that
 */
async function isAnotherStore({ store, journal, remote, head }: Encounter, there: string): Promise<boolean> {
  if (head === ROOT_COMMIT || head === there) return false;
  const bases = await mergeBases(store, journal, head, there);
  if (bases.includes(there)) return false;
  if (bases.length === 0)
    throw new AyoError("git_unsupported", `what ${shownAs(remote)} has is no history of a store`, {
      data: { commit: there },
    });
  return bases.every((oid) => oid === ROOT_COMMIT);
}
