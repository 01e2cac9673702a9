import type { TaggedCommit } from "../commitCache.ts";
import type { BaseHistory } from "./baseHistory.ts";
import type { OwnReader } from "./ownCommits.ts";
import type { Patches } from "./patches.ts";
import type { Standing } from "./reverted.ts";

/** What the work on a ticket consists of. */
export interface Work {
  /** Ids of commits that belong to it: named by its file, or naming it. */
  readonly linked: readonly string[];
  /** The commits on branches that name it. */
  readonly naming: readonly TaggedCommit[];
  /** Where its work branch stands, here and elsewhere. */
  readonly tips: readonly string[];
  /** What its file says already. */
  readonly landed?: string | undefined;
}

/** Whether work has come to the base branch. */
export type Verdict =
  | { readonly state: "landed"; readonly at: string }
  /** It had come, and `by` took it back. */
  | { readonly state: "reverted"; readonly by: string }
  | {
      readonly state: "waiting";
      readonly missing: readonly string[];
      /** Those of them that are on another machine. */
      readonly absent: readonly string[];
      /** A commit of the base branch that names the ticket, and does not look like this work. */
      readonly named?: string | undefined;
    }
  /** There are no commits. */
  | { readonly state: "none" };

/** What judging goes by. */
export interface Evidence {
  readonly history: BaseHistory;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly own: OwnReader;
  readonly patches: Patches;
  /** Commits of the base branch by what they change. */
  readonly byPatch: ReadonlyMap<string, readonly number[]>;
  /** The files that commits change, by their keys; of those whose names tell. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** How the work that is not on the base branch as it is was found there all the same. */
export interface Search {
  /** Commits that nothing on the base branch stands for yet. */
  readonly open: Set<string>;
  /** Places on the base branch that stand for some of the work. */
  readonly found: Set<number>;
  /** Those of them that stand for commits of it one by one. */
  readonly taken: Set<number>;
}
