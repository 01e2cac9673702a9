import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ownerForRoot } from "../../folderOwner.ts";
import type { ConfigEnv } from "../repository/gitConfig.ts";
import { SETTINGS, SILENT } from "./bareRepository.ts";
import { configEnv } from "./configEnv.ts";
import { withoutGit } from "./gitBinary.ts";

/** What a file must be to have been left alone, however the git that is asked was set up. */
const STRICT = {
  ...SETTINGS,
  "core.trustctime": "true",
  "core.checkStat": "default",
  "core.ignoreStat": "false",
  "core.fileMode": "false",
  "core.untrackedCache": "false",
  "core.splitIndex": "false",
};

/** Longer than git ever needs for it; after that whoever asks looks himself. */
const PATIENCE_MS = 5_000;
const MAX_NAMES = 64 * 1024 * 1024;

/**
 * The names in a folder that git finds otherwise than `index` says, or not in it: written to, gone, new, no plain files. Looking
 * at ten thousand files costs it a fourth of what it costs Node. Undefined where there is no git, or it cannot tell.
 */
export function writtenFiles(dir: string, index: string, env: ConfigEnv): string[] | undefined {
  const owner = ownerForRoot(dir);
  // A directory of our own: whoever may write to the store's could name programs in its configuration.
  let ground: string | undefined;
  try {
    ground = emptyRepository(owner !== undefined);
    const given = {
      ...withoutGit(env),
      ...SILENT,
      ...configEnv(Object.entries(STRICT)),
      GIT_DIR: ground,
      GIT_WORK_TREE: dir,
      GIT_INDEX_FILE: index,
    };
    const words = ["--no-pager", "-C", dir, "ls-files", "-z", "--modified", "--deleted", "--others", "--directory"];
    const { status, signal, stdout } = spawnSync("git", words, {
      cwd: ground,
      env: given,
      encoding: "utf8",
      timeout: PATIENCE_MS,
      maxBuffer: MAX_NAMES,
      stdio: ["ignore", "pipe", "ignore"],
      ...owner,
    });
    if (status !== 0 || signal !== null) return undefined;
    // A folder stands for all that is in it.
    const names = stdout.split("\0").map((name) => (name.endsWith("/") ? name.slice(0, -1) : name));
    return [...new Set(names.filter((name) => !name.includes("/")))];
  } catch {
    return undefined;
  } finally {
    if (ground !== undefined) removeRepository(ground);
  }
}

/** What git takes for a repository and reads nothing from. */
function emptyRepository(isShared: boolean): string {
  const dir = mkdtempSync(path.join(path.resolve(tmpdir()), "ayo-git-"));
  for (const name of FOLDERS) mkdirSync(path.join(dir, name));
  writeFileSync(path.join(dir, "HEAD"), "ref: refs/heads/none\n");
  const names = isShared ? ["", "HEAD", ...FOLDERS] : [];
  for (const name of names) chmodSync(path.join(dir, name), 0o755);
  return dir;
}

const FOLDERS = ["objects", "refs"];

/** What is left behind by a folder that cannot be written any more is for the system to clear. */
function removeRepository(dir: string): void {
  try {
    unlinkSync(path.join(dir, "HEAD"));
    for (const name of [...FOLDERS, ""]) rmdirSync(path.join(dir, name));
  } catch {
    // Only a temporary folder.
  }
}
