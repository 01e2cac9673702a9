import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../error.ts";
import { mapAside } from "../../git/disk/durable.ts";
import { readRef } from "../../git/refs/refs.ts";
import { STORE_BRANCH } from "../../git/repository/initRepository.ts";
import { mainWorktree, type Repository } from "../../git/repository/repository.ts";
import { type NamedRemote, remotesOf } from "../../git/transport/waySettings.ts";
import type { Host } from "../../host.ts";
import { projectRepository } from "./projectRepository.ts";
import { contactFile } from "./syncFolder.ts";

/** Tickets that a clone of the project has brought with it, as a remote-tracking branch. */
export interface ShownTickets {
  readonly project: Repository;
  /** The remote, and its address. */
  readonly remote: string;
  readonly url: string;
  readonly ref: string;
}

/** Where a store is to be, and on which machine. */
interface Place {
  readonly dir: string;
  readonly host: Host;
}

/** A remote that a sync would ask for tickets, where the project around a place has one. */
export function remoteToAsk(store: Place): string | undefined {
  return remotesAround(store).remotes[0]?.name;
}

/** Whether the clone of the project around a place has not brought all: then tickets may be there all the same. */
export function isCutShort(store: Place): boolean {
  const { project } = remotesAround(store);
  return project !== undefined && existsSync(path.join(project.commonDir, "shallow"));
}

/** Why nobody here can tell whether the tickets are shared with a remote that the project has: where it is written is closed. */
export function whyUntold(store: Place): string | undefined {
  const file = contactFile(store);
  try {
    statSync(file, { throwIfNoEntry: false });
    return undefined;
  } catch (error) {
    const known = mapAside(error, file);
    if (!(known instanceof AyoError)) throw error;
    const remote = remoteToAsk(store);
    return remote && `nobody can tell whether the tickets are shared with ${remote}: ${known.message}`;
  }
}

function remotesAround(store: Place): { project: Repository | undefined; remotes: readonly NamedRemote[] } {
  const project = projectRepository(store);
  // A store in a folder of the project, or among one's own, is another one.
  const isProjects = project !== undefined && path.dirname(store.dir) === mainWorktree(project);
  const env = { ...store.host.env, HOME: store.host.home };
  return isProjects ? { project, remotes: remotesOf(project, env) } : { project: undefined, remotes: [] };
}

/** What a remote of the project had for a branch of tickets when git last asked; nothing is asked now. */
export function shownTickets(store: Place): ShownTickets | undefined {
  const { project, remotes } = remotesAround(store);
  if (project === undefined) return undefined;
  for (const { name, url } of remotes) {
    const ref = `refs/remotes/${name}/${STORE_BRANCH.slice("refs/heads/".length)}`;
    if (readRef(project, ref) !== undefined) return { project, remote: name, url, ref };
  }
  return undefined;
}
