/** A folder that an agent's program is started in. */
export interface Worktree {
  /** The ticket's id; `<id>.review` for its review. */
  readonly id: string;
  readonly dir: string;
  /** Its private git directory; undefined where the project has no git. */
  readonly gitDir: string | undefined;
  /** `ayo/work/<id>`; undefined for a detached one, and without git. */
  readonly branch: string | undefined;
  /** The commit that is checked out. */
  readonly head: string | undefined;
  /** Directories that `git commit` there writes to. */
  readonly gitDirs: readonly string[];
  /** How it came to be: made from the base, made from its branch, or it was there. */
  readonly from: "base" | "branch" | "there";
  /** Its files have just come, or what was to be done in it then was never finished. */
  readonly isNew: boolean;
  /** What did not go as it should, each a sentence; the worktree can be used. */
  readonly told: readonly string[];
}

/** What the ways to a worktree find out. */
export interface Opened {
  readonly dir: string;
  readonly gitDir: string;
  readonly head: string;
  readonly from: Worktree["from"];
  readonly told: readonly string[];
}

/** The branch of a ticket's worktree. */
export function branchOf(id: string): string {
  return `ayo/work/${id}`;
}

/** The worktree that the work on a ticket is reviewed in. */
export function reviewName(id: string): string {
  return `${id}.review`;
}

/** Whether a worktree's name is that of a review. */
export function isReviewName(name: string): boolean {
  return name.endsWith(".review");
}
