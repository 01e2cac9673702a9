import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What lies in a directory that is ours from beginning to end. */
const CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
const HEAD = "ref: refs/heads/none\n";

/**
 * Makes a git directory for transport, as it is to be whatever was there: `shallow` is the store's own list of commits
 * whose parents it has not.
 */
export function makeGround(dir: string, shallow: string): void {
  mkdirSync(path.join(dir, "refs", "ayo"), { recursive: true, mode: 0o700 });
  mkdirSync(path.join(dir, "objects"), { recursive: true });
  put(path.join(dir, "config"), CONFIG);
  put(path.join(dir, "HEAD"), HEAD);
  if (shallow === "") rmSync(path.join(dir, "shallow"), { force: true });
  else put(path.join(dir, "shallow"), shallow);
}

/** Whether git still lacks parents of commits there. */
export function isShallow(dir: string): boolean {
  return readdirSync(dir).includes("shallow");
}

/** Names a commit that need not be brought. */
export function putRef(dir: string, ref: string, oid: string): void {
  put(path.join(dir, ref), `${oid}\n`);
}

function put(file: string, text: string): void {
  if (textOf(file) === text) return;
  const temporary = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
