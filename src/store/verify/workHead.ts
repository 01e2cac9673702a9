import { branches } from "../../git/refs/branches.ts";
import { readRef } from "../../git/refs/refs.ts";
import type { Ticket } from "../../ticket/ticket.ts";
import { workHere } from "../change/claimTokens.ts";
import { projectRepository } from "../open/projectRepository.ts";
import type { Store } from "../open/store.ts";

/** Where the work on a ticket stands. */
export interface WorkHead {
  /** The commit. */
  readonly head: string;
  /** The branch that it is the newest of; undefined for what is checked out without one. */
  readonly branch: string | undefined;
  /** It is no branch of the ticket's own, but what is checked out where the command was called. */
  readonly isHere: boolean;
}

/**
 * The commit that has the work on a ticket: of the branch of its runs, else of the one that it was claimed on, else what
 * is checked out where the command was called. Undefined outside git.
 */
export function workHeadOf(store: Store, { id, fields }: Pick<Ticket, "id" | "fields">): WorkHead | undefined {
  const project = projectRepository(store);
  if (project === undefined) return undefined;
  for (const branch of [`ayo/work/${id}`, fields.claimBranch]) {
    const head = branch === undefined ? undefined : readRef(project, `refs/heads/${branch}`);
    if (head !== undefined) return { head, branch, isHere: false };
  }
  // What another machine has pushed.
  const pushed = [...branches(project)].find(
    ([ref]) => /^refs\/remotes\/[^/]+\/(.+)$/.exec(ref)?.[1] === `ayo/work/${id}`,
  );
  if (pushed !== undefined) return { head: pushed[1], branch: pushed[0].replace("refs/remotes/", ""), isHere: false };
  const { head, branch } = workHere(store);
  return head === undefined ? undefined : { head, branch, isHere: true };
}
