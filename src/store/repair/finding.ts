/** Something that doctor found wrong. */
export interface Finding {
  /** Stable, for scripts: `dangling_link`, `git_object`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** The file, from the store's directory or, for git's own, from the git directory. */
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** The ticket. */
  readonly id?: string;
  /** The other id or object that it is about. */
  readonly target?: string;
  readonly message: string;
  /** What `--fix` would do, or, among what was fixed, what it did; none: only a person can tell what is right. */
  readonly fix?: string;
}

/** A finding of the store or its git, with what mends it at once; called with the store's lock held. */
export interface StoreFinding {
  readonly finding: Finding;
  readonly mend?: () => Promise<void> | void;
}

/** Tells findings of two examinations apart: the same trouble has the same key. */
export function findingKey({ code, path, id, target }: Finding): string {
  return JSON.stringify([code, path, id, target]);
}

/** A finding about a file of the git directory. */
export function gitError(code: string, where: string, message: string, fix?: string): Finding {
  return { code, severity: "error", path: where, message, ...(fix === undefined ? {} : { fix }) };
}
