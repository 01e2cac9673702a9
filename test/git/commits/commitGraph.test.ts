import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  type CommitGraph,
  decodeGraph,
  emptyGraph,
  encodeGraph,
  generations,
  growGraph,
  prunedGraph,
  tipsAbove,
} from "../../../src/git/commits/commitGraph.ts";
import { openCommits } from "../../../src/git/commits/commitReader.ts";
import { readTips, tipFolders } from "../../../src/git/refs/tips.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

function commit(dir: string, message: string): string {
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(dir, "rev-parse", "HEAD");
}

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

function grow(graph: CommitGraph, dir: string): string[] {
  const reader = openCommits(open(dir));
  const visited: string[] = [];
  growGraph(graph, readTips(open(dir)).all().values(), reader, (oid) => visited.push(oid));
  reader.close();
  return visited;
}

describe("the graph of commits", () => {
  test("holds what git lists, grows by what is new, and is pruned to what branches have", () => {
    const dir = gitRepo();
    for (let i = 0; i < 5; i++) commit(dir, `main ${i}`);
    git(dir, "checkout", "--quiet", "-b", "side", "HEAD~2");
    commit(dir, "side 0");
    git(dir, "checkout", "--quiet", "main");
    git(dir, "merge", "--quiet", "--no-edit", "side");
    const listed = (): string[] => git(dir, "rev-list", "--branches").split("\n").sort();
    const graph = emptyGraph();
    expect(grow(graph, dir).sort()).toEqual(listed());
    expect(grow(graph, dir)).toEqual([]);
    const old = git(dir, "rev-parse", "HEAD");
    git(dir, "commit", "--quiet", "--amend", "--message=merged");
    expect(grow(graph, dir)).toEqual([git(dir, "rev-parse", "HEAD")]);
    expect(graph.places.has(old)).toBe(true);
    const pruned = prunedGraph(graph, readTips(open(dir)).all().values());
    expect([...pruned.oids].sort()).toEqual(listed());
    expect(prunedGraph(pruned, readTips(open(dir)).all().values())).toBe(pruned);
    const copy = decodeGraph(encodeGraph(pruned));
    expect(copy).toEqual(pruned);
    for (const oid of copy.oids) {
      const parents = (copy.parents[copy.places.get(oid) as number] ?? []).map((place) => copy.oids[place]);
      expect([oid, ...parents].join(" ")).toBe(git(dir, "rev-list", "--parents", "-1", oid));
    }
    const generation = generations(copy);
    for (const [place, parents] of copy.parents.entries())
      for (const parent of parents) expect(generation[place]).toBeGreaterThan(generation[parent] as number);
    const above = tipsAbove(copy, readTips(open(dir)).all(), [git(dir, "rev-parse", "side"), old]);
    expect([...(above?.values() ?? [])]).toEqual([["refs/heads/main", "refs/heads/side"], []]);
    const many = new Map(copy.oids.map((oid, at) => [`refs/heads/${at}`, oid]));
    for (const oid of copy.oids) {
      const names = git(dir, "rev-list", "--all", "--ancestry-path", `^${oid}`).split("\n").concat(oid);
      const expected = [...many].flatMap(([name, tip]) => (names.includes(tip) ? [name] : [])).sort();
      expect(tipsAbove(copy, many, [oid])?.get(oid)).toEqual(expected);
    }
  });

  test("bytes that are cut short throw", () => {
    const dir = gitRepo();
    const graph = emptyGraph();
    grow(graph, dir);
    const bytes = encodeGraph(graph);
    expect(() => decodeGraph(bytes.subarray(0, -1))).toThrow(RangeError);
    expect(decodeGraph(encodeGraph(emptyGraph()))).toEqual(emptyGraph());
  });

  test("ends at the edge of a shallow clone, and goes on when it was deepened", () => {
    const dir = gitRepo();
    for (let i = 0; i < 5; i++) commit(dir, `${i}`);
    const clone = path.join(tempDir(), "clone");
    git(dir, "clone", "--quiet", "--depth=2", `file://${dir}`, clone);
    const graph = emptyGraph();
    const { fingerprint } = readTips(open(clone));
    expect(grow(graph, clone)).toHaveLength(2);
    expect(graph.absent.size).toBe(1);
    expect(decodeGraph(encodeGraph(graph))).toEqual(graph);
    git(clone, "fetch", "--quiet", "--unshallow");
    expect(readTips(open(clone)).fingerprint).not.toBe(fingerprint);
    expect(grow(graph, clone)).toHaveLength(4);
    expect(graph.absent.size).toBe(0);
  });
});

describe("readTips", () => {
  const tips = (dir: string): Record<string, string> =>
    Object.fromEntries([...readTips(open(dir)).all()].sort(([a], [b]) => (a < b ? -1 : 1)));

  test("an empty repository has none", () => {
    const dir = tempDir();
    git(dir, "init", "--quiet");
    expect(tips(dir)).toEqual({});
  });

  test("branches loose and packed, remote ones, detached worktrees; no tags, no stash", () => {
    const dir = gitRepo();
    const first = git(dir, "rev-parse", "HEAD");
    git(dir, "branch", "feature/old");
    git(dir, "pack-refs", "--all");
    const second = commit(dir, "second");
    git(dir, "tag", "v1", first);
    git(dir, "update-ref", "refs/remotes/origin/main", first);
    git(dir, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    git(dir, "update-ref", "refs/stash", second);
    expect(tips(dir)).toEqual({
      "refs/heads/feature/old": first,
      "refs/heads/main": second,
      "refs/remotes/origin/main": first,
    });
    const linked = path.join(tempDir(), "linked");
    git(dir, "worktree", "add", "--quiet", "--detach", linked);
    const third = commit(linked, "third");
    expect(tips(dir)["worktrees/linked/HEAD"]).toBe(third);
    expect(tips(linked)).toEqual(tips(dir));
    git(dir, "checkout", "--quiet", "--detach");
    expect(tips(dir).HEAD).toBe(second);
  });

  test("the fingerprint differs whenever a tip moves, and only then", () => {
    const dir = gitRepo();
    const seen = new Set<string>();
    const next = (): number => seen.add(readTips(open(dir)).fingerprint).size;
    expect(next()).toBe(1);
    expect(next()).toBe(1);
    commit(dir, "second");
    expect(next()).toBe(2);
    git(dir, "branch", "feature/x");
    expect(next()).toBe(3);
    git(dir, "pack-refs", "--all");
    expect(next()).toBe(4);
    git(dir, "branch", "-D", "feature/x");
    expect(next()).toBe(5);
    git(dir, "worktree", "add", "--quiet", "--detach", path.join(tempDir(), "w"));
    expect(next()).toBe(6);
    git(dir, "add", "README.md");
    expect(next()).toBe(6);
  });

  test("the folders to watch are those in which a tip's file lies", () => {
    const dir = gitRepo();
    git(dir, "branch", "feature/deep/x");
    git(dir, "update-ref", "refs/remotes/origin/main", "HEAD");
    git(dir, "worktree", "add", "--quiet", "--detach", path.join(tempDir(), "w"));
    const folders = tipFolders(open(dir)).map((folder) => path.relative(path.join(dir, ".git"), folder));
    for (const folder of ["", "refs/heads", "refs/heads/feature/deep", "refs/remotes/origin", "worktrees/w"])
      expect(folders).toContain(folder);
  });

  test("torn refs are passed over", () => {
    const dir = gitRepo();
    const main = git(dir, "rev-parse", "HEAD");
    writeFileSync(path.join(dir, ".git/refs/heads/torn"), main.slice(0, 20));
    writeFileSync(path.join(dir, ".git/refs/heads/empty"), "");
    writeFileSync(path.join(dir, ".git/refs/heads/astray"), "ref: ../../etc/passwd\n");
    expect(tips(dir)).toEqual({ "refs/heads/main": main });
  });
});
