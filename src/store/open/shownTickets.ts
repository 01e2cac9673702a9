import path from "node:path";
import { readRef } from "../../git/refs/refs.ts";
import { STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { mainWorktree, type Repository } from "../../git/repository/repository.ts";
import { remotesOf } from "../../git/transport/waySettings.ts";
import type { Host } from "../../host.ts";
import { projectRepository } from "./projectRepository.ts";

/** Tickets that a clone of the project has brought with it, as a remote-tracking branch. */
export interface ShownTickets {
  readonly project: Repository;
  /** The remote, and its address. */
  readonly remote: string;
  readonly url: string;
  readonly ref: string;
}

/** What a remote of the project had for a branch of tickets when git last asked; nothing is asked now. */
export function shownTickets(store: { readonly dir: string; readonly host: Host }): ShownTickets | undefined {
  const project = projectRepository(store);
  // A store in a folder of the project, or among one's own, is another one.
  if (project === undefined || path.dirname(store.dir) !== mainWorktree(project)) return undefined;
  const env = { ...store.host.env, HOME: store.host.home };
  for (const { name, url } of remotesOf(project, env)) {
    const ref = `refs/remotes/${name}/${STORE_BRANCH.slice("refs/heads/".length)}`;
    if (readRef(project, ref) !== undefined) return { project, remote: name, url, ref };
  }
  return undefined;
}
