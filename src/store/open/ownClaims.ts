import path from "node:path";
import { mapAside } from "../../git/disk/durable.ts";
import { removeFile } from "../../git/disk/removeFile.ts";
import { isProvablyDead, type Moment, msSince, type ProcessIdentity, processIdentity } from "../../processes.ts";
import { readStoreFile, Unread } from "../files/storeFile.ts";
import type { Config } from "./config/config.ts";
import type { Store } from "./store.ts";
import { asksOthers, onTheWay, ownClaimFiles, ownClaimsFolder } from "./syncFolder.ts";
import { writePrivate } from "./writePrivate.ts";

/**
 * A claim that was made here, as it is written down before anything is sent: whoever is killed in the midst of it, the
 * next command knows which commits are ours.
 */
export interface OwnClaim {
  /** Its file; a try for the same ticket by another process has another one. */
  readonly name: string;
  readonly id: string;
  readonly actor: string;
  readonly token: string;
  /** In milliseconds; 0 for one without a lease. */
  readonly lease: number;
  /**
   * `asking`: on its way to the remote, the ticket here says nothing of it yet; `here`: made here, and not known to have
   * come there; `sure`: there and here; `ending`: over here, and not known to be over there.
   */
  readonly state: "asking" | "here" | "sure" | "ending";
  /** Commits of ours that the ref may have: the last that is known to have come, and the one on its way. */
  readonly oid: string | null;
  readonly next: string | null;
  /** Others that were on their way before, and of which nobody knows whether they came. */
  readonly earlier?: readonly string[];
  /** When the sending began of what is known to have come. */
  readonly since: Moment | null;
  /** Who is asking. */
  readonly process: ProcessIdentity;
  readonly ended?: { readonly how: string; readonly commit?: string };
}

const MAX_BYTES = 16 * 1024;
const MAX_EARLIER = 8;
const STATES: readonly unknown[] = ["asking", "here", "sure", "ending"] satisfies OwnClaim["state"][];

/** A new one, not yet written down. */
export function newOwnClaim(
  store: Store,
  claim: Pick<OwnClaim, "id" | "actor" | "token" | "lease">,
  state: OwnClaim["state"],
): OwnClaim {
  const name = `${claim.id}~${Math.random().toString(36).slice(2, 12)}.json`;
  return { name, ...claim, state, oid: null, next: null, since: null, process: processIdentity(store.host.pid) };
}

/** Writes it down durably. @throws store_not_writable, disk_full */
export function putOwnClaim(store: Store, claim: OwnClaim): OwnClaim {
  const { name, ...rest } = claim;
  writePrivate(path.join(ownClaimsFolder(store), name), `${JSON.stringify(rest)}\n`);
  return claim;
}

/** A claim as it is to be written down before `next` is sent over what is `there`. */
export function sending(claim: OwnClaim, there: string | undefined, next: string): OwnClaim {
  const { oid, next: last, earlier = [] } = claim;
  const unknown = [...earlier, ...(last === null ? [] : [last])].filter((one) => one !== there);
  const come = there !== undefined && isOf(claim, there) ? there : oid;
  return { ...claim, oid: come, next, earlier: unknown.slice(-MAX_EARLIER) };
}

/** It is over, or never was. @throws store_not_writable */
export function dropOwnClaim(store: Store, { name }: OwnClaim): void {
  onTheWay.delete(name);
  const file = path.join(ownClaimsFolder(store), name);
  try {
    removeFile(file);
  } catch (error) {
    throw mapAside(error, file);
  }
}

/** Those that are written down, of one ticket where it is named; what cannot be read is none. */
export function ownClaims(store: Pick<Store, "dir" | "host">, id?: string): OwnClaim[] {
  const folder = ownClaimsFolder(store);
  return ownClaimFiles(store, id).flatMap((name) => {
    const read = readStoreFile(path.join(folder, name), { limit: MAX_BYTES });
    if (read === undefined || read instanceof Unread) return [];
    const claim = parse(read.bytes.toString("utf8"));
    return claim !== undefined && name.startsWith(`${claim.id}~`) ? [{ ...claim, name }] : [];
  });
}

function parse(text: string): Omit<OwnClaim, "name"> | undefined {
  try {
    const raw = JSON.parse(text) as OwnClaim;
    const isWhole = [raw.id, raw.actor, raw.token].every((one) => typeof one === "string");
    return isWhole && typeof raw.lease === "number" && STATES.includes(raw.state) ? raw : undefined;
  } catch {
    // Half of a file that somebody else made: none of ours is ever half.
    return undefined;
  }
}

/** Whether a commit at the ref is this claim's. */
export function isOf({ oid, next, earlier = [] }: OwnClaim, there: string | undefined): boolean {
  return there !== undefined && (there === oid || there === next || earlier.includes(there));
}

/** Whether another process that lives, or another command of this one, is still asking for it. */
export function isInOtherHands({ name, state, process }: OwnClaim, pid: number): boolean {
  if (state !== "asking") return false;
  return process.pid === pid ? onTheWay.has(name) : !isProvablyDead(process);
}

/**
 * Whether nobody else can hold the ticket: others wait for a lease after they first saw the claim, and that was after
 * the sending began.
 */
export function isConfirmed({ state, since, lease }: OwnClaim): boolean {
  if (state !== "sure" || since === null) return false;
  if (lease === 0) return true;
  const ms = msSince(since);
  return ms !== undefined && ms < lease;
}

/** Whether others are to hear that it goes on: half of what they know of it is over, or it is to be another length. */
export function isDue({ state, since, lease }: OwnClaim, wanted: number): boolean {
  if (state !== "sure" || since === null || lease !== wanted) return true;
  const ms = msSince(since);
  return lease > 0 && (ms === undefined || ms > lease / 2);
}

/** Tokens of claims that were made here and of which others cannot be known to have heard. */
export function unconfirmedTokens(store: Store, config: Pick<Config, "sync">): ReadonlySet<string> {
  if (!asksOthers(store, config)) return new Set();
  return new Set(ownClaims(store).flatMap((claim) => (isConfirmed(claim) ? [] : [claim.token])));
}
