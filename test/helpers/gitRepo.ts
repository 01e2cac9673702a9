import { writeFileSync } from "node:fs";
import path from "node:path";
import { git } from "./git.ts";
import { tempDir } from "./tempDir.ts";

/** A new repository on branch main with one commit (README.md); its path. Outside a test pass `afterAll`. */
export function gitRepo(cleanUp?: (remove: () => void) => void): string {
  const dir = tempDir(cleanUp);
  git(dir, "init", "--quiet", "--initial-branch=main");
  writeFileSync(path.join(dir, "README.md"), "# Test\n");
  git(dir, "add", "README.md");
  git(dir, "commit", "--quiet", "--message=start");
  return dir;
}
