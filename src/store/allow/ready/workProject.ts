import { existsSync } from "node:fs";
import path from "node:path";
import { AyoError } from "../../../error.ts";
import { ownerForRoot } from "../../../folderOwner.ts";
import { discoverRepository, mainWorktree, type Repository } from "../../../git/repository/repository.ts";
import type { Host } from "../../../host.ts";
import { ayoHome } from "../../open/locate/home.ts";
import { nameFor } from "../../open/locate/homeFolder.ts";
import { projectRepository } from "../../open/projectRepository.ts";
import type { Store } from "../../open/store.ts";

/** A project in git that worktrees are made of, whichever of its worktrees ayo was started in. */
export interface WorkProject {
  /** Objects, refs and configuration of all its worktrees; the private git directory of the main one too. */
  readonly commonDir: string;
  /** The main worktree; undefined for a bare repository. */
  readonly top: string | undefined;
  /** `<project>.work`: the folder of its agents' worktrees. */
  readonly folder: string;
  /** Where ayo keeps what agents must not write, in AYO_HOME. */
  readonly stateDir: string;
  /** The store's directory. */
  readonly storeDir: string;
  readonly host: Host;
}

/**
 * The project of a store; undefined where there is no git around it.
 * @throws git_unsupported for an inline store, for reftable references and where nobody can tell the main worktree,
 * store_not_owned for root in somebody else's project
 */
export function workProject(store: Pick<Store, "dir" | "host" | "journal" | "source">): WorkProject | undefined {
  const { dir, host, journal, source } = store;
  if (journal?.mode === "inline") {
    const message = `${dir} is inline: each worktree would have tickets of its own, so no agent can be started from it`;
    throw new AyoError("git_unsupported", message, { data: { dir } });
  }
  // Whatever repository a home directory may be in, these are of no project.
  if (source === "global" || source === "named") return undefined;
  const repository = projectRepository({ dir, host });
  if (repository === undefined) return undefined;
  const { commonDir } = repository;
  if (ownerForRoot(commonDir) !== undefined) {
    const message = `${commonDir} is another user's: let its owner start agents, not root`;
    throw new AyoError("store_not_owned", message, { data: { dir: commonDir } });
  }
  if (existsSync(path.join(commonDir, "reftable"))) {
    const message = `${commonDir} uses reftable references, whose worktrees ayo cannot read`;
    throw new AyoError("git_unsupported", message, { data: { dir: commonDir } });
  }
  const top = isBare(commonDir) ? undefined : mainOf(repository);
  const folder = `${top ?? bareName(commonDir)}.work`;
  return {
    commonDir,
    top,
    folder,
    stateDir: path.join(ayoHome(host), "work", nameFor(commonDir)),
    storeDir: dir,
    host,
  };
}

function mainOf(repository: Repository): string {
  const top = mainWorktree(repository);
  if (top !== undefined) return top;
  const { commonDir } = repository;
  const message = `${commonDir} does not say where its main worktree is, beside which worktrees of agents are made`;
  throw new AyoError("git_unsupported", message, { data: { dir: commonDir } });
}

function isBare(commonDir: string): boolean {
  const found = discoverRepository(commonDir);
  return found?.bare === true && found.commonDir === commonDir;
}

/** Where an agent works whose project has no git: a folder of its own in AYO_HOME, empty at first. */
export function folderWithoutGit({ dir, host }: Pick<Store, "dir" | "host">, id: string): string {
  return path.join(ayoHome(host), "work", nameFor(dir), id);
}

/** `/srv/shop` for `/srv/shop.git` and for `/srv/shop/.bare`. */
function bareName(commonDir: string): string {
  const name = path.basename(commonDir);
  return name.startsWith(".") ? path.dirname(commonDir) : commonDir.replace(/\.git$/, "");
}
