import { AyoError } from "../../../error.ts";
import { readHead } from "../../../git/refs/refs.ts";
import type { Transport } from "../../../git/transport/transport.ts";
import type { Config } from "../../open/config/config.ts";
import type { Journal, Store } from "../../open/store.ts";
import { readContact } from "../contact.ts";
import { addressOf, findRemote, type Remote, shownAs } from "../findRemote.ts";
import { transportTo } from "../transportTo.ts";

/** Where claims are settled between machines: a ref there for each claimed ticket. */
export interface ClaimsThere {
  readonly store: Store;
  readonly journal: Journal;
  readonly remote: Remote;
  readonly transport: Transport;
  /** The refs of all claims, as a pattern. */
  readonly all: string;
  readonly refOf: (id: string) => string;
  /** The same where config.yml has not put them: another clone may know of another config.yml. */
  readonly otherRefOf: (id: string) => string;
}

/** A command waits no longer for others; in milliseconds. Tests set AYO_CLAIM_MS. */
const CLAIM_MS = 2_000;

/** Until when a command waits for others, by `performance.now()`. */
export function patience({ host }: Pick<Store, "host">): number {
  return performance.now() + (Number(host.env.AYO_CLAIM_MS) || CLAIM_MS);
}

/** The way to where claims are settled. @throws needs_person where nobody has said yes to that address */
export function openClaims(store: Store, config: Config, until?: number): ClaimsThere {
  const { journal } = store;
  if (journal === undefined) throw new AyoError("no_store", "there is no store yet");
  const remote = findRemote(store);
  const contact = readContact(store);
  const isSame = contact !== undefined && (contact.id === undefined || contact.id === config.id);
  if (!isSame || contact.url !== addressOf(remote).url)
    throw new AyoError("needs_person", `the tickets are not shared with ${shownAs(remote)} yet: 'ayo sync' asks`);
  const head = readHead(journal.repository).oid;
  const transport = transportTo(store, journal, remote, { mayAsk: false, head, until });
  return { store, journal, remote, transport, ...claimRefs(config) };
}

const FOLDER = "refs/ayo/claims";
const BRANCHES = "refs/heads/ayo/claims";

/** Where the refs of claims lie. */
export function claimRefs({ sync }: Pick<Config, "sync">): Pick<ClaimsThere, "all" | "refOf" | "otherRefOf"> {
  const [folder, other] = sync?.claimBranches ? [BRANCHES, FOLDER] : [FOLDER, BRANCHES];
  return { all: `${folder}/*`, refOf: (id) => `${folder}/${id}`, otherRefOf: (id) => `${other}/${id}` };
}

/** Whether git can have a ref by a ticket's name: an imported id may be one that it cannot. */
export function isRefName(id: string): boolean {
  return !(id.includes("..") || id.endsWith(".") || id.endsWith(".lock"));
}
