import { rmSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { makeFolders } from "../../../folderOwner.ts";
import { mapFsError, writeDurable } from "../../../git/disk/durable.ts";
import { discoverRepository, namesIn, type Repository, readFile } from "../../../git/repository/repository.ts";
import type { Store } from "../store.ts";
import { AGENT_FILE } from "./identity.ts";

/** An agent by the worktree that it works in. */
export interface WorktreeAgent {
  /** `@coder-3`. */
  readonly name: string;
  /** The worktree's directory, or its git directory where that does not say. */
  readonly worktree: string;
  /** Whether it is the worktree that the process stands in. */
  readonly here: boolean;
}

/** The agents that joined a worktree of the repository around the working directory. */
export function worktreeAgents({ host }: Pick<Store, "host">): WorktreeAgent[] {
  const here = discoverRepository(host.cwd);
  if (here === undefined) return [];
  const folder = path.join(here.commonDir, "worktrees");
  return namesIn(folder).flatMap((entry) => {
    const gitDir = path.join(folder, entry);
    const name = readName(gitDir);
    if (name === undefined) return [];
    const link = readFile(path.join(gitDir, "gitdir")).trim();
    const worktree = link === "" ? gitDir : path.dirname(link);
    return [{ name, worktree, here: path.resolve(gitDir) === path.resolve(here.gitDir) }];
  });
}

/**
 * Names the agent of the linked worktree around the working directory.
 * @throws bad_usage outside a linked worktree, duplicate for the name of another worktree's agent, store_not_writable
 */
export function joinWorktree(store: Pick<Store, "host">, name: string, dryRun = false): WorktreeAgent {
  const here = linkedWorktree(store);
  const other = worktreeAgents(store).find((agent) => agent.name === name && !agent.here);
  if (other !== undefined) {
    throw new AyoError("duplicate", `${name} is the agent of ${other.worktree}`, {
      try: ["ayo", "agents", "join", freeName(store, name)],
      data: { name, worktree: other.worktree },
    });
  }
  if (dryRun) return { name, worktree: here.worktree, here: true };
  nameAgent(here.gitDir, name);
  return { name, worktree: here.worktree, here: true };
}

/**
 * Names the agent of a linked worktree by its private git directory, whoever else has the name: of a pool of agents
 * that ayo starts itself, all have the same. Not for a command, which asks {@link joinWorktree}.
 * @throws store_not_writable, disk_full
 */
export function nameAgent(gitDir: string, name: string): void {
  const file = path.join(gitDir, AGENT_FILE);
  if (readName(gitDir) === name) return;
  try {
    const tmpDir = path.join(gitDir, "ayo-claims");
    makeFolders(tmpDir);
    writeDurable(file, Buffer.from(`${name}\n`), { tmpDir });
  } catch (error) {
    throw mapFsError(error, file);
  }
}

/** Takes the name away again; the one it had, or undefined. */
export function leaveWorktree(store: Pick<Store, "host">, dryRun = false): string | undefined {
  const here = linkedWorktree(store);
  const name = readName(here.gitDir);
  if (dryRun) return name;
  const file = path.join(here.gitDir, AGENT_FILE);
  try {
    rmSync(file, { force: true });
  } catch (error) {
    throw mapFsError(error, file);
  }
  return name;
}

/** The main worktree is where people work: a name kept there would make agents of them. */
function linkedWorktree({ host }: Pick<Store, "host">): Repository {
  const here = discoverRepository(host.cwd);
  if (here !== undefined && here.gitDir !== here.commonDir) return here;
  const where =
    here === undefined ? "outside git there is no worktree to name" : "people work in the main worktree too";
  throw new AyoError("bad_usage", `${where}: set AYO_AGENT, say --as, or give the agent a worktree of its own`, {
    try: ["git", "worktree", "add", "../agent-1"],
  });
}

/** `@coder-2` for `@coder` where that is taken. */
function freeName(store: Pick<Store, "host">, name: string): string {
  const taken = new Set(worktreeAgents(store).map((agent) => agent.name));
  const base = name.replace(/-\d+$/, "");
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

function readName(gitDir: string): string | undefined {
  return readFile(path.join(gitDir, AGENT_FILE)).trim() || undefined;
}
