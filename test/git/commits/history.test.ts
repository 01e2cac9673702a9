import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isAncestor, walkCommits } from "../../../src/git/commits/history.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { lsTree, treeAt } from "../../../src/git/trees/lsTree.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const open = (dir: string): Repository => openRepository(dir) as Repository;

/** A repository with a side branch merged into main; every commit a second after the one before. */
function merged(): string {
  const dir = gitRepo();
  const commit = (message: string, at: number, ...parents: string[]): string =>
    git(
      dir,
      "-c",
      `user.name=at ${at}`,
      "commit-tree",
      "HEAD^{tree}",
      ...parents.flatMap((oid) => ["-p", oid]),
      "-m",
      message,
    );
  const base = git(dir, "rev-parse", "HEAD");
  const left = commit("left", 1, base);
  const right = commit("right", 2, commit("right 1", 3, base));
  git(dir, "update-ref", "refs/heads/main", commit("merge", 4, left, right));
  git(dir, "update-ref", "refs/heads/lonely", commit("lonely", 5));
  return dir;
}

async function collect(dir: string, limit?: number): Promise<string[]> {
  const found: string[] = [];
  const options = limit === undefined ? {} : { limit };
  for await (const { oid } of walkCommits(open(dir), git(dir, "rev-parse", "HEAD"), options)) found.push(oid);
  return found;
}

describe("walkCommits", () => {
  test.each([false, true])("reaches every commit once (packed: %s)", async (packed) => {
    const dir = merged();
    if (packed) git(dir, "gc", "--quiet", "--prune=now");
    const all = git(dir, "rev-list", "HEAD").split("\n");
    expect((await collect(dir)).sort()).toEqual(all.sort());
    expect(await collect(dir, 2)).toHaveLength(2);
  });

  test("newest first by commit time, with what the commits say", async () => {
    const dir = gitRepo();
    const tree = git(dir, "rev-parse", "HEAD^{tree}");
    let head = git(dir, "rev-parse", "HEAD");
    const oids = [head];
    for (let n = 0; n < 3; n++) {
      head = git(dir, "commit-tree", tree, "-p", head, "-m", `n ${n}`);
      oids.unshift(head);
    }
    git(dir, "update-ref", "HEAD", head);
    expect(await collect(dir)).toEqual(oids);
    const first = await walkCommits(open(dir), head).next();
    expect(first.value).toMatchObject({ tree, parents: [oids[1]], message: "n 2\n", author: { name: "Test User" } });
  });

  test("ends at the edge of a shallow clone", async () => {
    const dir = gitRepo();
    git(dir, "commit", "--quiet", "--allow-empty", "-m", "second");
    const clone = path.join(tempDir(), "clone");
    git(tempDir(), "clone", "--quiet", "--depth=1", `file://${dir}`, clone);
    expect(await collect(clone)).toEqual([git(dir, "rev-parse", "HEAD")]);
  });
});

test("isAncestor says what git says", async () => {
  const dir = merged();
  const names = ["main", "main^1", "main^2", "main^2^", "main~2", "lonely"];
  const oids = names.map((name) => git(dir, "rev-parse", name));
  for (const [a, left] of oids.entries()) {
    for (const [b, right] of oids.entries()) {
      let expected = true;
      try {
        git(dir, "merge-base", "--is-ancestor", left, right);
      } catch {
        expected = false;
      }
      expect([names[a], names[b], await isAncestor(open(dir), left, right)]).toEqual([names[a], names[b], expected]);
    }
  }
  expect(await isAncestor(open(dir), "1".repeat(40), oids[0] as string)).toBe(false);
});

describe("lsTree", () => {
  const withFolders = (): string => {
    const dir = gitRepo();
    mkdirSync(`${dir}/t/archive/2026-11`, { recursive: true });
    for (const file of ["t/a.md", "t/ä.md", "t/archive/2026-11/b.md", "x"])
      writeFileSync(`${dir}/${file}`, `${file}\n`);
    writeFileSync(`${dir}/run.sh`, "x\n", { mode: 0o755 });
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "folders");
    return dir;
  };

  test.each([
    [{}, ["HEAD"]],
    [{ recursive: true }, ["-r", "HEAD"]],
    [{ prefix: "t" }, ["HEAD:t"]],
    [{ prefix: "t/", recursive: true }, ["-r", "HEAD:t"]],
    [{ prefix: "t/archive/2026-11" }, ["HEAD:t/archive/2026-11"]],
  ])("lists what git lists: %j", async (options, args) => {
    const dir = withFolders();
    for (const packed of [false, true]) {
      if (packed) git(dir, "gc", "--quiet", "--prune=now");
      const expected = git(dir, "-c", "core.quotePath=false", "ls-tree", ...args)
        .split("\n")
        .map((line) => line.replace(/^0/, "").split(/\s/) as [string, string, string, string])
        .map(([mode, , oid, name]) => [name, { mode, oid }]);
      for (const treeish of ["HEAD", "HEAD^{tree}"]) {
        const listed = await lsTree(open(dir), git(dir, "rev-parse", treeish), options);
        expect([...listed]).toEqual(expected);
      }
    }
  });

  test("an annotated tag is what it names", async () => {
    const dir = withFolders();
    git(dir, "tag", "-a", "v1", "-m", "v1");
    expect((await lsTree(open(dir), git(dir, "rev-parse", "v1"))).has("run.sh")).toBe(true);
  });

  test("what is no folder lists nothing, and treeAt finds none", async () => {
    const dir = withFolders();
    const head = git(dir, "rev-parse", "HEAD");
    for (const prefix of ["nope", "x", "t/a.md", "t/nope/deep"]) {
      expect((await lsTree(open(dir), head, { prefix })).size).toBe(0);
      expect(await treeAt(open(dir), head, prefix)).toBeUndefined();
    }
    expect(await treeAt(open(dir), head, "t/archive")).toBe(git(dir, "rev-parse", "HEAD:t/archive"));
    expect(await treeAt(open(dir), head, "")).toBe(git(dir, "rev-parse", "HEAD^{tree}"));
  });
});
