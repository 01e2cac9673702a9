import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { formatCommit } from "./commit.ts";
import { writeDurable } from "./durable.ts";
import { writeObject } from "./objects.ts";
import { readRef, swapRef } from "./refs.ts";
import { openRepository, type Repository } from "./repository.ts";

/** The branch that a store's own repository keeps its tickets on, also where it is pushed to. */
export const STORE_BRANCH = "refs/heads/ayo/tickets";

const AYO = { name: "ayo", email: "ayo@ayo.invalid", time: 0, timezone: "+0000" };
const EMPTY_TREE = Buffer.alloc(0);

/**
 * The commit that every store's own history starts from (amendment 18), so that any two stores can be merged. Written
 * out since every command imports this file and hashing would load node:crypto; `initRepository` checks it.
 */
export const ROOT_COMMIT = "7841742195928154428dbc127c86162800f98dec";

const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
\tautocrlf = false
`;

/**
 * Makes `dir/.git` with the root commit. A second call completes what a crash left half made (HEAD comes last) and
 * changes nothing else.
 * @throws disk_full, store_not_writable
 */
export function initRepository(dir: string): Repository {
  const gitDir = path.join(dir, ".git");
  for (const folder of [
    "objects/info",
    "objects/pack",
    "refs/heads",
    "refs/tags",
    "info",
    "logs/refs/heads/ayo",
    "ayo/tmp",
  ]) {
    mkdirSync(path.join(gitDir, folder), { recursive: true });
  }
  const put = (name: string, text: string): void => {
    const file = path.join(gitDir, name);
    if (!existsSync(file)) writeDurable(file, Buffer.from(text), { tmpDir: path.join(gitDir, "ayo", "tmp") });
  };
  put("config", CONFIG);
  put("info/attributes", "* -text\n");
  put("info/exclude", "# What git status should not show.\n");
  put(`logs/${STORE_BRANCH}`, "");
  put("logs/HEAD", "");
  const repository: Repository = { worktree: dir, gitDir, commonDir: gitDir, bare: false };
  if (readRef(repository, STORE_BRANCH) === undefined) {
    const tree = writeObject(repository, "tree", EMPTY_TREE);
    const root = formatCommit({ tree, parents: [], author: AYO, committer: AYO, message: "ayo store\n" });
    if (writeObject(repository, "commit", root) !== ROOT_COMMIT)
      throw new Error("ROOT_COMMIT is not the root commit's id");
    swapRef(repository, STORE_BRANCH, undefined, ROOT_COMMIT);
  }
  put("HEAD", `ref: ${STORE_BRANCH}\n`);
  return openRepository(dir) ?? repository;
}
