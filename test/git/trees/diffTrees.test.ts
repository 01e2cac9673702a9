import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { diffCommits } from "../../../src/git/trees/diffTrees.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";

/** What git says of the same two commits, in the same words. */
function gitSays(dir: string, before: string, after: string): string[] {
  const raw = git(dir, "diff-tree", "-r", "--no-renames", "--no-abbrev", before, after);
  return raw.split("\n").flatMap((line) => {
    const match = /^:\d+ \d+ (\w+) (\w+) \w\t(.*)$/.exec(line);
    return match === null ? [] : [`${match[3]} ${match[1]} ${match[2]}`];
  });
}

async function weSay(dir: string, before: string, after: string, prefix = ""): Promise<string[]> {
  const changes = await diffCommits(openRepository(dir) as Repository, before, after, prefix);
  const none = "0".repeat(40);
  return changes.map((change) => `${change.path} ${change.before ?? none} ${change.after ?? none}`).sort();
}

function commit(dir: string, files: Readonly<Record<string, string | null>>): string {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(dir, file);
    if (text === null) rmSync(target, { recursive: true });
    else {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  git(dir, "add", "--all");
  git(dir, "commit", "--quiet", "--message=change");
  return git(dir, "rev-parse", "HEAD");
}

it("agrees with git on random changes of a tree with folders", async () => {
  const dir = gitRepo();
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const files = Array.from({ length: 40 }, (_, n) => `${["", "a/", "a/b/", "a-", "z/"][n % 5]}f${n}.md`);
  const commits = [commit(dir, Object.fromEntries(files.map((file) => [file, file])))];
  const alive = new Set(files);
  for (let round = 0; round < 12; round++) {
    const change: Record<string, string | null> = {};
    for (let n = 0; n <= random(4); n++) {
      const file = files[random(files.length)] as string;
      change[file] = alive.has(file) && random(3) === 0 ? null : `${round} ${n}`;
      if (change[file] === null) alive.delete(file);
      else alive.add(file);
    }
    commits.push(commit(dir, change));
  }
  for (const [n, after] of commits.entries()) {
    const before = commits[Math.max(0, n - 1 - (n % 3))] as string;
    expect(await weSay(dir, before, after)).toEqual(gitSays(dir, before, after).sort());
  }
});

it("sees a file that becomes a folder, and only what is below a prefix", async () => {
  const dir = gitRepo();
  const before = commit(dir, { "x/a.md": "1", y: "file" });
  const after = commit(dir, { y: null, "x/a.md": "2", "x/b/c.md": "3" });
  const last = commit(dir, { "y/z.md": "4" });
  expect(await weSay(dir, before, last)).toEqual(gitSays(dir, before, last).sort());
  expect((await weSay(dir, before, after, "x")).map((line) => line.split(" ")[0])).toEqual(["a.md", "b/c.md"]);
  expect(await diffCommits(openRepository(dir) as Repository, undefined, before, "x")).toMatchObject([
    { path: "a.md", before: null },
  ]);
});
