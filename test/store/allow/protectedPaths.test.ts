import { expect, test } from "vitest";
import { patternTest } from "../../../src/store/allow/protectedPaths.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { writeFiles } from "../../helpers/work/workScene.ts";

const FILES = ["a.ts", "conf/a", "conf/deep/b.ts", "conf2/a", "test/a.test.ts", "we [ird]/x", "x.y"];
const PATTERNS =
  "a.ts conf conf/ con* conf/* conf/** **/a **/*.ts *.ts test/**/*.ts c?nf/a [a-x].y [!a]*/a **/deep conf** co**/b.ts conf**a co**p/b.ts x?y \\x.y nope".split(
    " ",
  );

test("a pattern names what it names for git", () => {
  const dir = tempDir();
  git(dir, "init", "--quiet");
  writeFiles(dir, Object.fromEntries(FILES.map((name) => [name, ""])));
  git(dir, "add", ".");
  const byGit = PATTERNS.map((one) =>
    git(dir, "ls-files", "-z", "--", `:(top,glob)${one}`).split("\0").filter(Boolean),
  );
  expect(PATTERNS.map((one) => FILES.filter(patternTest(one)))).toEqual(byGit);
});
