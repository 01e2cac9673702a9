import { hostname } from "node:os";
import { formatCommit, parseCommit } from "../../../git/commits/commit.ts";
import { readObject, writeObject } from "../../../git/objects/objects.ts";
import { DEFAULT_LEASE_MS } from "../../../ticket/rules/claim.ts";
import { formatTime } from "../../../ticket/time.ts";
import { commitPerson } from "../../change/message.ts";
import type { Actor } from "../../open/identity/identity.ts";
import type { Journal, Store } from "../../open/store.ts";

/** What the last commit of a claim's ref says. */
export interface ClaimFacts {
  readonly actor: string;
  readonly token: string;
  readonly host: string;
  /** In milliseconds; 0 for a claim without one. */
  readonly lease: number;
  /** Why it is over, and the commit of the store that it ended with. */
  readonly ended?: { readonly how: string; readonly commit?: string };
}

/** A claim as it is to be told to others. */
export interface ClaimText extends Pick<ClaimFacts, "actor" | "token" | "lease" | "ended"> {
  readonly id: string;
  /** The commit that the ref has now. */
  readonly parent: string | undefined;
}

/** The tree of a commit that has no files. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/** What says more is no claim; in bytes. */
const MAX_BYTES = 8 * 1024;
const MAX_LEASE_MS = 365 * 24 * 60 * 60_000;
/** What is at a ref and is no claim is somebody's all the same. */
const SOMEBODY: ClaimFacts = { actor: "somebody", token: "", host: "", lease: DEFAULT_LEASE_MS };

/** Makes the commit of a claim, or of its end, among the store's objects. Each is one of a kind. */
export function writeClaim(store: Store, { repository }: Journal, by: Actor, claim: ClaimText): string {
  const { id, actor, token, lease, ended, parent } = claim;
  const now = store.host.now();
  const trailers = [
    `Ticket: ${id}`,
    `Actor: ${oneLine(actor)}`,
    `Token: ${oneLine(token)}`,
    `Host: ${oneLine(hostname())}`,
    `Lease: ${lease}`,
    ...(lease === 0 || ended !== undefined ? [] : [`Until: ${formatTime(now + lease)}`]),
    ...(ended === undefined ? [] : [`Ended: ${[ended.how, ended.commit].filter(Boolean).join(" ")}`]),
    `Nonce: ${Math.random().toString(36).slice(2)}`,
  ];
  const subject = ended === undefined ? `${oneLine(actor)} has ${id}` : `${oneLine(actor)} had ${id}: ${ended.how}`;
  const person = commitPerson(by, now);
  const message = `${subject}\n\n${trailers.join("\n")}\n`;
  const parents = parent === undefined ? [] : [parent];
  return writeObject(
    repository,
    "commit",
    formatCommit({ tree: EMPTY_TREE, parents, author: person, committer: person, message }),
  );
}

/** What a claim's commit says; whoever may push could have put anything there. */
export async function readClaim({ repository }: Journal, oid: string): Promise<ClaimFacts> {
  const object = await readObject(repository, oid).catch(() => undefined);
  if (object?.type !== "commit" || object.bytes.length > MAX_BYTES) return SOMEBODY;
  const { tree, message } = parseCommit(object.bytes);
  if (tree !== EMPTY_TREE) return SOMEBODY;
  const said = (key: string): string | undefined => new RegExp(`^${key}: (.{1,200})$`, "m").exec(message)?.[1];
  const lease = Number(said("Lease"));
  const ended = /^(\w{1,20})(?: ([0-9a-f]{40}))?$/.exec(said("Ended") ?? "");
  const [actor, token] = [said("Actor"), said("Token")];
  if (actor === undefined || token === undefined || !Number.isSafeInteger(lease) || lease < 0) return SOMEBODY;
  return {
    actor: oneLine(actor),
    token,
    host: oneLine(said("Host") ?? ""),
    lease: Math.min(lease, MAX_LEASE_MS),
    ...(ended === null ? {} : { ended: { how: ended[1] as string, ...(ended[2] ? { commit: ended[2] } : {}) } }),
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
