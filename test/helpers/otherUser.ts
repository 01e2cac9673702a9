import { execFileSync } from "node:child_process";
import { lchownSync, readdirSync } from "node:fs";
import path from "node:path";

const isRoot = process.getuid?.() === 0;

/** A user who is not root: another one where the tests run as root, else whoever runs them. */
export const OTHER = isRoot ? 65_534 : (process.getuid?.() ?? 0);

/** Has {@link OTHER} run a command; see `CliOptions.through`. */
export const AS_OTHER: readonly string[] = isRoot
  ? ["setpriv", `--reuid=${OTHER}`, `--regid=${OTHER}`, "--clear-groups", "--"]
  : [];

/** Makes a directory with all that is in it the property of {@link OTHER}. */
export function giveToOther(dir: string): void {
  if (!isRoot) return;
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" });
  for (const name of ["", ...names]) lchownSync(path.join(dir, name), OTHER, OTHER);
}

/** What in a directory is not {@link OTHER}'s, itself and its group. */
export function notOthers(dir: string): string[] {
  const wrong = ["(", "-not", "-uid", String(OTHER), ...(isRoot ? ["-o", "-not", "-gid", String(OTHER)] : []), ")"];
  const found = execFileSync("find", [dir, ...wrong], { encoding: "utf8" });
  return found.split("\n").filter((line) => line !== "");
}
