import path from "node:path";
import { readRef } from "../../../git/refs/refs.ts";
import { type Repository, readText, whyUnreadable } from "../../../git/repository/repository.ts";

/** The branch that work lands on, as this machine has it. */
export interface BaseBranch {
  /** `refs/remotes/origin/main`. */
  readonly ref: string;
  readonly head: string;
}

/**
 * Where work lands: the remote's branch, as it was fetched last, where there is one; else the local one. A sentence
 * where there is none.
 */
export function baseBranch(repository: Repository, name: string): BaseBranch | string {
  const why = whyUnreadable(repository);
  if (why !== undefined) return `the project's commits cannot be read: it uses ${why}`;
  for (const ref of [`refs/remotes/origin/${name}`, `refs/heads/${name}`]) {
    const head = readRef(repository, ref);
    if (head !== undefined) return { ref, head };
  }
  return `the project has no branch '${name}', neither of its own nor of its remote 'origin'`;
}

/** `origin/main`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, "");
}

/** Where the branch that agents work on a ticket on stands: here, and as remotes have it. */
export function workTips(tips: ReadonlyMap<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [ref, oid] of tips) {
    const id = /^refs\/(?:heads|remotes\/[^/]+)\/ayo\/work\/(.+)$/.exec(ref)?.[1];
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), oid]);
  }
  return found;
}

/** Whether commits beyond some are missing. */
export function isShallow({ commonDir }: Repository): boolean {
  return readText(path.join(commonDir, "shallow")) !== "";
}
