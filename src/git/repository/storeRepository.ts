import { existsSync, lstatSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeOwned } from "../../folderOwner.ts";
import { loosePath, readObjectSync } from "../objects/objects.ts";
import { readFromPacks } from "../objects/readFromPacks.ts";
import { localBranches } from "../refs/branches.ts";
import { readHead, readRef } from "../refs/refs.ts";
import { ROOT_COMMIT, STORE_BRANCH } from "./initRepository.ts";
import { isOid } from "./oid.ts";
import { namesIn, type Repository, readText } from "./repository.ts";

/** In the state directory: commits that are known to go back to the root commit of every store, the last first. */
const PROOFS = "root-proofs";
const MAX_PROOFS = 8;
/** What `initRepository` makes before HEAD; a crash leaves a part of it and nothing else. */
const HALF_MADE = ["objects", "refs", "info", "logs", "ayo", "config"];

/**
 * Whether a repository bears ayo's mark: HEAD is on the store's branch, or its history begins with the root commit of
 * every store. Where HEAD is lost, the store's branch and no other of another origin. All else is somebody's project.
 */
export function isStoreRepository(repository: Repository): boolean {
  if (isOnStoreBranch(repository)) return true;
  const { oid } = readHead(repository);
  return oid === undefined ? hasStoreBranch(repository) && !holdsProject(repository) : goesBackToRoot(repository, oid);
}

/** Whether HEAD names the store's branch. */
export function isOnStoreBranch(repository: Repository): boolean {
  const text = readText(path.join(repository.gitDir, "HEAD")).trimEnd();
  return text === `ref: ${STORE_BRANCH}` || readHead(repository).ref === STORE_BRANCH;
}

/** What {@link isStoreRepository} can say from small files alone: false is no answer. */
export function isPlainlyStore(repository: Repository): boolean {
  if (isOnStoreBranch(repository)) return true;
  const { oid } = readHead(repository);
  return oid !== undefined && readProofs(repository).includes(oid);
}

/** Whether a repository has a local branch that is no store's: then it is a project, whatever HEAD names. */
export function holdsProject(repository: Repository): boolean {
  if (hasNoOtherBranch(repository)) return false;
  return localBranches(repository).some(([ref, oid]) => ref !== STORE_BRANCH && !goesBackToRoot(repository, oid));
}

/**
 * Whether the `.git` in a directory, in which git sees no repository, is what a crash left of making a store, or a
 * store's that lost a part.
 */
export function isStoreRemains(dir: string): boolean {
  const gitDir = path.join(dir, ".git");
  if (!lstatSync(gitDir, { throwIfNoEntry: false })?.isDirectory()) return false;
  const broken: Repository = { worktree: dir, gitDir, commonDir: gitDir, bare: false };
  if (isOnStoreBranch(broken) || (hasStoreBranch(broken) && !holdsProject(broken))) return true;
  const heads = namesIn(path.join(gitDir, "refs", "heads"));
  return namesIn(gitDir).every((name) => HALF_MADE.includes(name)) && heads.every((name) => name === "ayo");
}

/** What most stores are, told without reading a ref. */
function hasNoOtherBranch({ commonDir }: Repository): boolean {
  if (existsSync(path.join(commonDir, "packed-refs"))) return false;
  const heads = path.join(commonDir, "refs", "heads");
  return namesIn(heads).join() === "ayo" && namesIn(path.join(heads, "ayo")).join() === "tickets";
}

/** Whether the store's branch is or was there. */
function hasStoreBranch(repository: Repository): boolean {
  const { commonDir } = repository;
  return readRef(repository, STORE_BRANCH) !== undefined || existsSync(path.join(commonDir, "logs", STORE_BRANCH));
}

/** Follows first parents, to what is proven already or to the end; a commit that cannot be read proves nothing. */
function goesBackToRoot(repository: Repository, tip: string): boolean {
  const proofs = readProofs(repository);
  if (tip === ROOT_COMMIT || proofs.includes(tip)) return true;
  if (readCommit(repository, ROOT_COMMIT) === undefined) return false;
  for (let oid: string | undefined = tip; oid !== undefined; oid = firstParent(repository, oid)) {
    if (oid !== ROOT_COMMIT && !proofs.includes(oid)) continue;
    writeProofs(repository, [tip, ...proofs].slice(0, MAX_PROOFS));
    return true;
  }
  return false;
}

function firstParent(repository: Repository, oid: string): string | undefined {
  const text = readCommit(repository, oid)?.toString("latin1") ?? "";
  return /^tree [0-9a-f]{40}\nparent ([0-9a-f]{40})\n/.exec(text)?.[1];
}

function readCommit(repository: Repository, oid: string): Buffer | undefined {
  const loose = existsSync(loosePath(repository, oid)) ? readObjectSync(repository, oid) : undefined;
  if (loose !== undefined) return loose.bytes;
  const packed = readFromPacks(repository.commonDir, oid);
  return typeof packed === "string" ? undefined : packed.bytes;
}

function readProofs({ gitDir }: Repository): readonly string[] {
  return readText(path.join(gitDir, "ayo", PROOFS))
    .split("\n")
    .filter(isOid);
}

/** A proof that cannot be kept is found again by the next command. */
function writeProofs({ gitDir }: Repository, proofs: readonly string[]): void {
  const file = path.join(gitDir, "ayo", PROOFS);
  const temporary = `${file}.${Math.random().toString(36).slice(2)}`;
  try {
    writeOwned(temporary, `${proofs.join("\n")}\n`);
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
