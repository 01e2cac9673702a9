import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Repository } from "../repository/repository.ts";
import { readFile } from "../repository/repository.ts";
import { configEnv } from "./configEnv.ts";

/** What a git that we start may see of somebody's repository. */
export interface BareRepositoryOptions {
  /** Whose objects it reads; nothing else of that git directory. */
  readonly objects?: Pick<Repository, "commonDir">;
  /** The files that it is asked about, with the `.gitignore` and `.gitattributes` among them. */
  readonly worktree?: string;
  /** The text of info/exclude. */
  readonly exclude?: string;
  /** Settings that name no program; undefined ones are left to git. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
}

/** A git directory of our own. */
export interface BareRepository {
  readonly dir: string;
  /** What makes git use it, and obey nobody else. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * Said in the environment, where it counts more than any file: whoever may write where temporary files lie might be
 * quick enough to write to ours.
 */
export const SETTINGS = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "core.sshCommand": "false",
  "core.commitGraph": "false",
  "core.multiPackIndex": "false",
  "log.showSignature": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "pack.writeReverseIndex": "false",
  "protocol.allow": "never",
};

/** Keeps git from whatever it would start, write or ask of a person. */
export const SILENT = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "true",
  GIT_EDITOR: "true",
  GIT_SEQUENCE_EDITOR: "true",
  GIT_PAGER: "cat",
  // Its messages are read.
  LC_ALL: "C",
};

/**
 * Makes an empty git directory for one run of git. Whoever may write a store's or a project's `.git`, which a sandboxed
 * agent may, names programs there that git runs: hooks, fsmonitor, filters, helpers. A git whose directory is ours reads
 * none of that. `isShared`: it is for another user's git, who may read it and no more.
 */
export function bareRepository(
  { objects, worktree, exclude, settings = {} }: BareRepositoryOptions,
  isShared: boolean,
): BareRepository {
  // TMPDIR may be relative, and git is started elsewhere.
  const dir = mkdtempSync(path.join(path.resolve(tmpdir()), "ayo-git-"));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    for (const name of ["objects", "refs"]) mkdirSync(path.join(dir, name));
    writeFileSync(
      path.join(dir, "config"),
      `[core]\n\trepositoryformatversion = 0\n\tbare = ${worktree === undefined}\n`,
    );
    const shallow = objects === undefined ? "" : readFile(path.join(objects.commonDir, "shallow"));
    if (shallow !== "") writeFileSync(path.join(dir, "shallow"), shallow);
    writeFileSync(path.join(dir, "HEAD"), "ref: refs/heads/none\n");
    if (exclude !== undefined) {
      mkdirSync(path.join(dir, "info"));
      writeFileSync(path.join(dir, "info", "exclude"), exclude);
    }
    // Whatever root's umask is.
    const names = isShared ? ["", ...readdirSync(dir, { recursive: true, encoding: "utf8" })] : [];
    for (const name of names) chmodSync(path.join(dir, name), 0o755);
  } catch (error) {
    remove();
    throw error;
  }
  const env = {
    ...SILENT,
    GIT_DIR: dir,
    ...(objects === undefined ? {} : { GIT_OBJECT_DIRECTORY: path.join(objects.commonDir, "objects") }),
    ...(worktree === undefined ? {} : { GIT_WORK_TREE: worktree }),
    ...configEnv(given({ ...SETTINGS, ...settings })),
  };
  return { dir, env, remove };
}

function given(values: Readonly<Record<string, string | undefined>>): (readonly [string, string])[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}
