import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { branches } from "../../../git/refs/branches.ts";
import { readHead, readRef } from "../../../git/refs/refs.ts";
import type { AgentsConfig } from "../../open/agents/agentTypes.ts";
import { ayoHome } from "../../open/locate/home.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";
import { workProject } from "./workProject.ts";

/** Why no worktree for an agent can be made of a store's project, as a whole sentence; undefined where one can. */
export function whyNoWorktree(store: Store, { base }: Pick<AgentsConfig, "base">): string | undefined {
  try {
    const project = workProject(store);
    const folder = project?.folder ?? path.join(ayoHome(store.host), "work");
    if (!isOpen(folder)) return `${folder} cannot be written: agents work in folders of it`;
    return project === undefined ? undefined : whyNoBase(store, base);
  } catch (error) {
    if (error instanceof AyoError) return error.message;
    throw error;
  }
}

/** Whether a folder, or the first one above it that is there, can be written. */
function isOpen(folder: string): boolean {
  if (!existsSync(folder)) return path.dirname(folder) === folder ? false : isOpen(path.dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // For whatever reason.
    return false;
  }
}

/** Looks at names of branches alone; whether their commits are there git says when a worktree is made. */
function whyNoBase(store: Store, base: string | undefined): string | undefined {
  const repository = projectRepository(store);
  if (repository === undefined) return undefined;
  if (base === undefined) {
    const isBegun = readHead(repository).oid !== undefined || branches(repository).size > 0;
    return isBegun ? undefined : "the project has no commit yet for agents to start from: make the first one";
  }
  const isNamed = [`refs/heads/${base}`, `refs/remotes/${base}`].some((ref) => readRef(repository, ref) !== undefined);
  if (isNamed || [...branches(repository).keys()].some((ref) => isRemotes(ref, base))) return undefined;
  return `there is no branch '${base}' to start from, which agents.yml names as base`;
}

/** Whether a ref is a remote's branch of this name. */
function isRemotes(ref: string, name: string): boolean {
  const [, branch] = /^refs\/remotes\/[^/]+\/(.+)$/.exec(ref) ?? [];
  return branch === name;
}
