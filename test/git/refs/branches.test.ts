import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { branches, branchTracking, isTracked } from "../../../src/git/refs/branches.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

const open = (dir: string): Repository => openRepository(dir) as Repository;

/** A repository whose branch `side` has `.tickets/a.md`, and main not. */
function withSide(): string {
  const dir = gitRepo();
  git(dir, "checkout", "--quiet", "-b", "side");
  mkdirSync(`${dir}/.tickets`);
  writeFileSync(`${dir}/.tickets/a.md`, "a\n");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "-m", "ticket");
  git(dir, "checkout", "--quiet", "main");
  return dir;
}

describe("branchTracking", () => {
  test("finds a local branch, loose or packed", async () => {
    const dir = withSide();
    expect(await branchTracking(open(dir), ".tickets")).toBe("side");
    expect(await branchTracking(open(dir), ".tick")).toBeUndefined();
    expect(await branchTracking(open(dir), "README.md")).toBeUndefined();
    git(dir, "gc", "--quiet", "--prune=now");
    expect(await branchTracking(open(dir), ".tickets")).toBe("side");
    git(dir, "worktree", "add", "--quiet", "-b", "third", `${dir}/wt`);
    expect(await branchTracking(open(`${dir}/wt`), ".tickets")).toBe("side");
    git(dir, "branch", "--quiet", "-D", "side");
    expect(await branchTracking(open(dir), ".tickets")).toBeUndefined();
  });

  test.each([[[]], [["--shared"]], [["--depth=1", "--no-single-branch"]]])(
    "finds a remote-tracking branch of a clone (%s)",
    async (options) => {
      const clone = path.join(tempDir(), "clone");
      const source = options.includes("--shared") ? withSide() : `file://${withSide()}`;
      git(tempDir(), "clone", "--quiet", ...options, source, clone);
      expect(await branchTracking(open(clone), ".tickets")).toBe("origin/side");
    },
  );

  test("a lock and a torn ref are no branches; HEAD counts when detached", async () => {
    const dir = withSide();
    const side = git(dir, "rev-parse", "side");
    git(dir, "checkout", "--quiet", "--detach", "side");
    git(dir, "branch", "--quiet", "-D", "side");
    writeFileSync(`${dir}/.git/refs/heads/x.lock`, `${side}\n`);
    writeFileSync(`${dir}/.git/refs/heads/torn`, "");
    expect([...branches(open(dir)).keys()]).toEqual(["HEAD", "refs/heads/main"]);
    expect(await branchTracking(open(dir), ".tickets")).toBe("HEAD");
  });
});

describe("isTracked", () => {
  const track = (dir: string): void => {
    mkdirSync(`${dir}/.tickets`);
    mkdirSync(`${dir}/src`);
    writeFileSync(`${dir}/.tickets/a.md`, "a\n");
    writeFileSync(`${dir}/.tickets2`, "a\n");
    writeFileSync(`${dir}/src/x`, "x\n");
    git(dir, "add", ".");
  };

  test.each([
    ["version 2", (): void => {}],
    ["version 3", (dir: string): void => void git(dir, "update-index", "--skip-worktree", "src/x")],
    ["version 4", (dir: string): void => void git(dir, "update-index", "--index-version", "4")],
    ["split", (dir: string): void => void git(dir, "update-index", "--split-index")],
    ["sparse", (dir: string): void => void git(dir, "sparse-checkout", "set", "--cone", "--sparse-index", "src")],
  ])("at or under a path, index %s", (_, change) => {
    const dir = gitRepo();
    track(dir);
    git(dir, "commit", "--quiet", "-m", "add");
    change(dir);
    const found = [".tickets", ".tickets/a.md", "src", "README.md", ".ticket", "tickets", "src/y", "t"].filter((name) =>
      isTracked(open(dir), name),
    );
    expect(found).toEqual(
      [".tickets", ".tickets/a.md", "src", "README.md"].filter((name) => _ !== "sparse" || name !== ".tickets/a.md"),
    );
  });

  test("what is staged counts; no index and a damaged one have nothing", () => {
    const dir = gitRepo();
    expect(isTracked(open(dir), ".tickets")).toBe(false);
    track(dir);
    expect(isTracked(open(dir), ".tickets")).toBe(true);
    writeFileSync(`${dir}/.git/index`, "");
    expect(isTracked(open(dir), ".tickets")).toBe(false);
    git(dir, "worktree", "add", "--quiet", "--no-checkout", "-b", "side", `${dir}/wt`);
    expect(isTracked(open(`${dir}/wt`), ".tickets")).toBe(false);
  });
});
