import { existsSync } from "node:fs";
import path from "node:path";
import { formatCommit } from "../commits/commit.ts";
import { createExclusive, ensureDir, syncDir, writeDurable } from "../disk/durable.ts";
import { writeObject } from "../objects/objects.ts";
import { readRef } from "../refs/refs.ts";
import { driverSection, STORE_ATTRIBUTES } from "./driverLines.ts";
import { openRepository, type Repository } from "./repository.ts";

/** The branch that a store's own repository keeps its tickets on, also where it is pushed to. */
export const STORE_BRANCH = "refs/heads/ayo/tickets";

const AYO = { name: "ayo", email: "ayo@ayo.invalid", time: 0, timezone: "+0000" };
const EMPTY_TREE = Buffer.alloc(0);

/**
 * The commit that every store's own history starts from, so that any two stores can be merged. Written
 * out since every command imports this file and hashing would load node:crypto; `initRepository` checks it.
 */
export const ROOT_COMMIT = "7841742195928154428dbc127c86162800f98dec";

/**
 * Makes `dir/.git` with the root commit; git merges tickets in it by `driver`. A second call completes what a crash left half made (HEAD comes last) and
 * changes nothing else.
 * @throws disk_full, store_not_writable
 */
export function initRepository(dir: string, driver?: string): Repository {
  const gitDir = path.join(dir, ".git");
  ensureDir(gitDir);
  for (const folder of [
    "objects/info",
    "objects/pack",
    "refs/heads/ayo",
    "refs/tags",
    "info",
    "logs/refs/heads/ayo",
    "ayo/tmp",
  ]) {
    ensureDir(path.join(gitDir, folder));
  }
  const put = (name: string, text: string): void => {
    const file = path.join(gitDir, name);
    if (!existsSync(file)) writeDurable(file, Buffer.from(text), { tmpDir: path.join(gitDir, "ayo", "tmp") });
  };
  put("info/attributes", STORE_ATTRIBUTES);
  if (!existsSync(path.join(gitDir, "config"))) writeDefaultConfig(gitDir, driver);
  put("info/exclude", "# What git status should not show.\n");
  put(`logs/${STORE_BRANCH}`, "");
  put("logs/HEAD", "");
  const repository: Repository = { worktree: dir, gitDir, commonDir: gitDir, bare: false };
  if (readRef(repository, STORE_BRANCH) === undefined) {
    writeRootCommit(repository);
    // At once and without <ref>.lock, which a crash would leave with nobody to know whose it is.
    createExclusive(path.join(gitDir, STORE_BRANCH), Buffer.from(`${ROOT_COMMIT}\n`), path.join(gitDir, "ayo", "tmp"));
    syncDir(path.dirname(path.join(gitDir, STORE_BRANCH)));
  }
  put("HEAD", `ref: ${STORE_BRANCH}\n`);
  return openRepository(dir) ?? repository;
}

/** Writes the configuration of a store's repository, in the place of what is there. */
export function writeDefaultConfig(gitDir: string, driver?: string): void {
  const text = configText(gitDir) + (driver === undefined ? "" : driverSection(driver));
  writeDurable(path.join(gitDir, "config"), Buffer.from(text), {
    tmpDir: path.join(gitDir, "ayo", "tmp"),
  });
}

/**
 * What `git init` would write here, but no conversion of line ends, and no look at executable bits: a store that was
 * copied from another file system has not changed.
 */
function configText(gitDir: string): string {
  const settings = {
    repositoryformatversion: 0,
    filemode: false,
    bare: false,
    logallrefupdates: true,
    ...(existsSync(path.join(gitDir, "INFO", "ATTRIBUTES")) ? { ignorecase: true } : {}),
    autocrlf: false,
  };
  return `[core]\n${Object.entries(settings)
    .map(([key, value]) => `\t${key} = ${value}\n`)
    .join("")}`;
}

/** Stores the root commit and its empty tree. */
export function writeRootCommit(repository: Repository): void {
  const tree = writeObject(repository, "tree", EMPTY_TREE);
  if (writeObject(repository, "commit", rootBytes(tree)) !== ROOT_COMMIT)
    throw new Error("ROOT_COMMIT is not the root commit's id");
}

/** The bytes of {@link ROOT_COMMIT}; its tree is the empty one. */
export function rootBytes(tree: string): Buffer {
  return formatCommit({ tree, parents: [], author: AYO, committer: AYO, message: "ayo store\n" });
}
