import { hashObject } from "../../git/objects/objects.ts";
import type { Actor } from "../open/identity.ts";
import type { Sentence } from "./message.ts";
import type { RedoRecord } from "./record/redo.ts";

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
  /** True for what a hook changes: it fires no hooks. */
  readonly quiet?: boolean;
}

/** How writing a plan ended. */
export type Applied =
  | {
      readonly state: "committed";
      readonly commit: string;
      readonly blobs: ReadonlyMap<string, string | null>;
      /** What the user should know of how the files were put in place. */
      readonly notices: readonly string[];
    }
  | { readonly state: "deferred"; readonly reason: string };

/** What a record says of a plan: who, why, and blob ids of the bytes on disk before and after. */
export function recordedOf(plan: Plan): Pick<RedoRecord, "paths" | "actor" | "sentence" | "quiet"> {
  const { actor, sentence, quiet } = plan;
  const paths: Record<string, { before: string | null; after: string | null }> = {};
  for (const [file, bytes] of plan.files) {
    paths[file] = { before: plan.before.get(file) ?? null, after: bytes === null ? null : hashObject("blob", bytes) };
  }
  return { paths, actor, sentence, ...(quiet ? { quiet: true } : {}) };
}
