import { AyoError } from "../../error.ts";
import { readHead } from "../../git/refs/refs.ts";
import { STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { countBeyond } from "../events/branchLine.ts";
import type { Config } from "../open/config/config.ts";
import { isConfirmed, ownClaims } from "../open/ownClaims.ts";
import type { Journal, Store } from "../open/store.ts";
import { asksOthers } from "../open/syncFolder.ts";
import { type Contact, readContact } from "./contact.ts";
import { addressOf, findRemote } from "./findRemote.ts";
import { type AsideFile, asideFiles } from "./keepAside.ts";
import { configOf, refOf } from "./lookHere.ts";
import { assertOwn } from "./meeting.ts";

/** How a store stands to where it is shared: all as of the last contact, nobody is asked. */
export interface Standing {
  /** Whether the tickets are shared from here. */
  readonly shared: boolean;
  /** The remote that a sync goes to; null where none is known. */
  readonly remote: string | null;
  readonly url: string | null;
  readonly ref: string;
  /** Whether processes that go on sync by themselves. */
  readonly auto: boolean;
  /** Commits here that were not sent, and commits there that were seen and are not here. */
  readonly ahead: number;
  readonly behind: number;
  /** Tickets that were claimed here and of which others are not known to have heard. */
  readonly unconfirmed: readonly string[];
  /** Files that gave way as a whole, in a merge or a repair, and where they lie on this machine; the newest first. */
  readonly setAside: readonly AsideFile[];
  /** The commit that was there at the last contact, and when that was. */
  readonly seen: string | null;
  readonly seenAt: string | null;
  /** Why the last try failed; null where it did not. */
  readonly failure: string | null;
  readonly failedAt: string | null;
}

/** @throws bad_usage for tickets in the project's branch, bad_config, what reading the store throws */
export async function standingOf(store: Store): Promise<Standing> {
  if (store.journal !== undefined) assertOwn(store.journal);
  const config = await configOf(store);
  const contact = readContact(store);
  const ref = refShown(config, contact);
  const known = contact?.ref === undefined || contact.ref === ref ? contact : undefined;
  const place = contact === undefined ? likely(store) : { remote: contact.remote, url: contact.url };
  return {
    shared: contact !== undefined && (contact.id === undefined || contact.id === config.id),
    ...place,
    ref,
    auto: config.sync?.auto === true,
    ...(store.journal === undefined ? { ahead: 0, behind: 0 } : await distance(store.journal, known?.seen)),
    unconfirmed: [...new Set(asksOthers(store, config) ? unheard(store) : [])],
    setAside: store.journal === undefined ? [] : asideFiles(store.journal),
    seen: known?.seen ?? null,
    seenAt: contact?.seenAt ?? null,
    failure: contact?.failure ?? null,
    failedAt: contact?.failedAt ?? null,
  };
}

/** The ref that a sync takes; that of every store where nobody can tell, of which the sync itself says why. */
function refShown(config: Config, contact: Contact | undefined): string {
  return config.sync?.isRefUnknown === true && contact?.ref === undefined ? STORE_BRANCH : refOf(config, contact);
}

function unheard(store: Store): string[] {
  const made = ownClaims(store).filter(({ state }) => state === "here" || state === "sure");
  return made.flatMap((claim) => (isConfirmed(claim) ? [] : [claim.id]));
}

/** Where a first sync would go. */
function likely(store: Store): Pick<Standing, "remote" | "url"> {
  try {
    return addressOf(findRemote(store));
  } catch (error) {
    if (error instanceof AyoError) return { remote: null, url: null };
    throw error;
  }
}

async function distance(journal: Journal, seen: string | undefined): Promise<Pick<Standing, "ahead" | "behind">> {
  const { oid: head } = readHead(journal.repository);
  if (head === undefined || seen === head) return { ahead: 0, behind: 0 };
  const behind = seen === undefined ? 0 : await countBeyond(journal, head, seen);
  return { ahead: await countBeyond(journal, seen, head), behind };
}
