import { createHash } from "node:crypto";
import path from "node:path";
import { parseCriteria } from "../../ticket/text/criteria.ts";
import { listStoreFolder, readStoreFile, Unread } from "../files/storeFile.ts";
import type { VerifyEntry } from "../open/agents/agentTypes.ts";
import { homeFolder } from "../open/locate/homeFolder.ts";
import type { Store } from "../open/store.ts";
import { writePrivate } from "../open/writePrivate.ts";

/** How a command came out: `doubtful` passed, and its work changed what the command is judged by. */
export type ProofOutcome = "passed" | "doubtful" | "failed";

/** What ayo saw when it ran one command for a ticket, kept on this machine where agents in a sandbox cannot write. */
export interface ProofRecord {
  readonly schema: 1;
  readonly ticket: string;
  /** The entry of agents.yml. */
  readonly name: string;
  /** A fingerprint of the entry: of another it says nothing. */
  readonly entry: string;
  readonly head: string;
  /** A fingerprint of the acceptance criteria. */
  readonly criteria: string;
  readonly outcome: ProofOutcome;
  /** Why it did not pass, in a sentence without a subject; "" where it did. */
  readonly why: string;
  readonly exit: number | null;
  /** ISO time. */
  readonly at: string;
  readonly ms: number;
  /** Who had it run. */
  readonly by: string;
  /** The last of what it printed. */
  readonly tail: string;
}

type Place = Pick<Store, "dir" | "host">;

const MAX_BYTES = 256 * 1024;

/** Where what was run for a ticket is kept. */
export function proofFolder(place: Place, ticket: string): string {
  return path.join(homeFolder(place, "verify"), ticket);
}

/** All that a command printed when it was run last. */
export function proofLog(place: Place, ticket: string, name: string): string {
  return path.join(proofFolder(place, ticket), `${name}.log`);
}

/** @throws store_not_writable, disk_full */
export function writeProof(place: Place, record: ProofRecord): ProofRecord {
  writePrivate(proofFile(place, record.ticket, record.name), `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}

/** What was seen when a command was run last; undefined where it was not, or nothing that ayo wrote is there. */
export function readProof(place: Place, ticket: string, name: string): ProofRecord | undefined {
  const read = readStoreFile(proofFile(place, ticket, name), { limit: MAX_BYTES });
  if (read === undefined || read instanceof Unread) return undefined;
  try {
    const record = JSON.parse(read.bytes.toString("utf8")) as ProofRecord;
    return record.schema === 1 && record.ticket === ticket && record.name === name ? record : undefined;
  } catch {
    // Not as ayo writes it: then nothing is proven.
    return undefined;
  }
}

/** Names of what was run for a ticket, whatever agents.yml has now. */
export function proofNames(place: Place, ticket: string): string[] {
  const names = listStoreFolder(proofFolder(place, ticket));
  if (names === undefined || names instanceof Unread) return [];
  return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
}

function proofFile(place: Place, ticket: string, name: string): string {
  return path.join(proofFolder(place, ticket), `${name}.json`);
}

/** A fingerprint of an entry: who changes the command, or what it is judged by, has to have it run again. */
export function markOfEntry({ run, protect, time }: VerifyEntry): string {
  return fingerprint(JSON.stringify([run, protect, time ?? null]));
}

/** A fingerprint of a ticket's acceptance criteria, ticked or not. */
export function markOfCriteria(text: string): string {
  return fingerprint(JSON.stringify(parseCriteria(text).map((one) => one.text)));
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
