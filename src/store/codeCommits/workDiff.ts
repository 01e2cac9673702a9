import { AyoError } from "../../error.ts";
import { runGit } from "../../git/binary/gitBinary.ts";
import { readHead, readRef } from "../../git/refs/refs.ts";
import type { Repository } from "../../git/repository/repository.ts";
import type { View } from "../disk/view.ts";
import type { Store } from "../open/store.ts";
import { type BaseBranch, baseBranch } from "./landed/baseBranch.ts";

/** What would run a program of somebody's choice, or git in a submodule that is somebody's. */
const PLAIN = ["--no-ext-diff", "--no-textconv", "--submodule=short", "--no-color", "--find-renames"];
/** Branches that work mostly lands on, where nobody says. */
const USUAL = ["main", "master", "trunk", "develop"];

/** A file that a piece of work has changed. */
export interface ChangedFile {
  readonly path: string;
  /** What it was called before. */
  readonly from?: string;
  /** Lines; null for what is no text. */
  readonly added: number | null;
  readonly removed: number | null;
}

/**
 * The branch that a project's work starts from: where config.yml says that it lands, else the remote's own, else one
 * that is called as they mostly are, else what is checked out. Undefined in a project without commits.
 */
export function workBase(
  repository: Repository,
  { board, config }: View,
  own: string | undefined,
): BaseBranch | undefined {
  const { base: written } = (config.settings.ready ?? {}) as { readonly base?: unknown };
  const head = readHead(repository);
  const checkedOut = head.ref?.replace("refs/heads/", "");
  const names = [
    board.landsOn,
    typeof written === "string" ? written : undefined,
    remoteDefault(repository),
    ...USUAL,
    checkedOut,
  ];
  for (const name of names) {
    if (name === undefined || name === own) continue;
    const found = baseBranch(repository, name);
    if (typeof found !== "string") return found;
  }
  return undefined;
}

/** What `git clone` has noted as the remote's branch. */
function remoteDefault(repository: Repository): string | undefined {
  return USUAL.find((name) => readRef(repository, `refs/remotes/origin/${name}`) !== undefined);
}

/**
 * The newest commit that two have in common; undefined where there is none.
 * @throws git_unsupported where there is no git binary, or it cannot tell
 */
export async function commonCommit(
  { host }: Pick<Store, "host">,
  repository: Repository,
  [left, right]: readonly [string, string],
): Promise<string | undefined> {
  const { code, stdout, stderr } = await git(host.env, repository, ["merge-base", left, right]);
  if (code === 0) return stdout.trim();
  if (code === 1 && stderr === "") return undefined;
  throw unsupported(stderr);
}

/**
 * What lies between two commits, as git shows it, and its files.
 * @throws git_unsupported where there is no git binary, or it cannot show it
 */
export async function diffBetween(
  { host }: Pick<Store, "host">,
  repository: Repository,
  [from, to]: readonly [string, string],
): Promise<{ readonly files: readonly ChangedFile[]; readonly diff: string }> {
  const counted = await git(host.env, repository, ["diff", ...PLAIN, "--numstat", "-z", from, to]);
  if (counted.code !== 0) throw unsupported(counted.stderr);
  const shown = await git(host.env, repository, ["diff", ...PLAIN, "--patch", from, to]);
  if (shown.code !== 0) throw unsupported(shown.stderr);
  return { files: filesIn(counted.stdout), diff: shown.stdout };
}

function git(env: Store["host"]["env"], repository: Repository, args: readonly string[]) {
  return runGit(args, {
    at: repository.bare ? repository.gitDir : repository.worktree,
    objects: repository,
    // For its .gitattributes, which say what is no text.
    ...(repository.bare ? {} : { worktree: repository.worktree }),
    env,
  });
}

function unsupported(stderr: string): AyoError {
  const why = stderr.trim() || "there is none on the PATH, or it took too long";
  return new AyoError("git_unsupported", `what work changed is shown by git, and ${why}`);
}

/** `added TAB removed TAB path NUL`; of a renamed file the path is empty, and two follow. */
function filesIn(numstat: string): ChangedFile[] {
  const parts = numstat.split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at < parts.length; at++) {
    const [added = "", removed = "", path] = (parts[at] ?? "").split("\t");
    if (path === undefined) continue;
    const counts = { added: numberIn(added), removed: numberIn(removed) };
    if (path !== "") files.push({ path, ...counts });
    else {
      files.push({ path: parts[at + 2] ?? "", from: parts[at + 1] ?? "", ...counts });
      at += 2;
    }
  }
  return files;
}

function numberIn(text: string): number | null {
  return text === "-" ? null : Number(text);
}
