import type { BuiltCommit, CommitPerson } from "../../git/commits/commit.ts";
import { hashObject } from "../../git/objects/objects.ts";
import type { Actor } from "../open/identity/identity.ts";
import type { Store } from "../open/store.ts";
import type { Sentence } from "./message.ts";
import type { Recorded } from "./record/redo.ts";

/** A change that is ready to be written: new bytes (null: delete) and the blob each path must still have. */
export interface Plan {
  readonly files: ReadonlyMap<string, Buffer | null>;
  readonly before: ReadonlyMap<string, string | null>;
  /** The bytes of versions in `before`, by blob id, as far as they were read. */
  readonly bases: ReadonlyMap<string, Buffer>;
  readonly sentence: Sentence;
  readonly actor: Actor;
  /** False for claims, which must never be in doubt. */
  readonly mayDefer: boolean;
  /** True where the files already stand on disk as they are to be committed. */
  readonly inPlace: boolean;
  /** A commit that is made already: the branch goes to it, and its files to the disk. */
  readonly made?: BuiltCommit;
  /** True for what a hook changes: it fires no hooks. */
  readonly quiet?: boolean;
}

/** A plan, and the store in whose name it is made: of those that are written together each has its own. */
export interface Part {
  readonly store: Store;
  readonly plan: Plan;
}

/** A part that a commit was built of. */
export interface Step extends Part {
  readonly commit: string;
  /** Who the commit and the branch's log say has written it down. */
  readonly committer: CommitPerson;
}

/** What plans that are written together make of the files, one after the other: each has the one before it as its base. */
export function wholeOf(parts: readonly Part[]): Plan {
  const [first, ...rest] = parts.map(({ plan }) => plan) as [Plan, ...Plan[]];
  if (rest.length === 0) return first;
  const [files, before, bases] = [new Map(first.files), new Map(first.before), new Map(first.bases)];
  for (const plan of rest) {
    for (const [file, bytes] of plan.files) {
      if (!files.has(file)) before.set(file, plan.before.get(file) ?? null);
      files.set(file, bytes);
    }
    for (const [oid, bytes] of plan.bases) bases.set(oid, bytes);
  }
  return { ...(rest.at(-1) as Plan), files, before, bases };
}

/** How writing a plan ended. */
export type Applied =
  | {
      readonly state: "committed";
      readonly commit: string;
      /** One for each plan that was written, the last of which is `commit`. */
      readonly commits: readonly string[];
      readonly blobs: ReadonlyMap<string, string | null>;
      /** What the user should know of how the files were put in place. */
      readonly notices: readonly string[];
    }
  | { readonly state: "deferred"; readonly reason: string };

/** What a record says of a plan: who, why, and blob ids of the bytes on disk before and after. */
export function recordedOf(plan: Plan, request?: string): Recorded {
  const { actor, sentence, quiet } = plan;
  const paths: Record<string, { before: string | null; after: string | null }> = {};
  for (const [file, bytes] of plan.files) {
    paths[file] = { before: plan.before.get(file) ?? null, after: bytes === null ? null : hashObject("blob", bytes) };
  }
  return { paths, actor, sentence, ...(quiet ? { quiet: true } : {}), ...(request === undefined ? {} : { request }) };
}
