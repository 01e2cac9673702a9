import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packedRefs, readHead, readRef, removeOwnRefLock, swapRef } from "../../../src/git/refs/refs.ts";
import { initRepository, STORE_BRANCH } from "../../../src/git/repository/initRepository.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { fsck, git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { PERSON } from "../person.ts";
import { runModule } from "../runModule.ts";

const MAIN = "refs/heads/main";

function open(dir: string): Repository {
  return openRepository(dir) as Repository;
}

/** A commit with HEAD's tree, on no branch. */
function commitOn(dir: string, message = "next"): string {
  return git(dir, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", message);
}

describe("reading refs", () => {
  test("a branch, packed or loose, in the main and in a linked worktree", () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD");
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    for (const pack of [false, true]) {
      if (pack) git(dir, "pack-refs", "--all");
      expect(readHead(open(dir))).toEqual({ ref: MAIN, oid });
      expect(readHead(open(`${dir}/wt`))).toEqual({ ref: "refs/heads/side", oid });
    }
    expect(existsSync(`${dir}/.git/${MAIN}`)).toBe(false);
    expect(packedRefs(`${dir}/.git`).get(MAIN)).toBe(oid);
    expect(readRef(open(dir), "refs/heads/mai")).toBeUndefined();
    expect(readRef(open(dir), "refs/heads/main2")).toBeUndefined();
  });

  test("a detached HEAD has no branch, an unborn branch no commit", () => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD");
    git(dir, "checkout", "--quiet", "--detach");
    expect(readHead(open(dir))).toEqual({ ref: undefined, oid });
    git(dir, "checkout", "--quiet", "--orphan", "new");
    expect(readHead(open(dir))).toEqual({ ref: "refs/heads/new", oid: undefined });
  });

  test("an alias is followed, and the branch it names is the one that moves", () => {
    const dir = gitRepo();
    git(dir, "branch", "-m", "main", "trunk");
    git(dir, "symbolic-ref", "refs/heads/alias", "refs/heads/trunk");
    git(dir, "symbolic-ref", "HEAD", "refs/heads/alias");
    const [old, next] = [git(dir, "rev-parse", "HEAD"), commitOn(dir)];
    expect(readHead(open(dir))).toEqual({ ref: "refs/heads/trunk", oid: old });
    expect(swapRef(open(dir), "refs/heads/alias", old, next)).toBe("ok");
    expect(git(dir, "symbolic-ref", "refs/heads/alias")).toBe("refs/heads/trunk");
    expect(git(dir, "rev-parse", "trunk")).toBe(next);
  });

  test("HEAD that leads out of refs/ is no branch", () => {
    const dir = gitRepo();
    writeFileSync(`${dir}/.git/HEAD`, "ref: refs/../../secret\n");
    expect(readHead(open(dir))).toEqual({ ref: undefined, oid: undefined });
  });
});

describe("swapRef", () => {
  test.each([false, true])("moves a branch and logs it as git does (packed: %s)", (packed) => {
    const dir = gitRepo();
    const [old, next] = [git(dir, "rev-parse", "HEAD"), commitOn(dir)];
    if (packed) git(dir, "pack-refs", "--all");
    const reflog = { ...PERSON, name: "A <b>", message: "close x:\n done" };
    expect(swapRef(open(dir), MAIN, old, next, { reflog })).toBe("ok");
    expect(git(dir, "rev-parse", "HEAD", "main@{1}", "HEAD@{1}")).toBe([next, old, old].join("\n"));
    expect(git(dir, "reflog", "-1", "--format=%gn %ge %gs")).toBe("A b ann@example.com close x: done");
    expect(existsSync(`${dir}/.git/${MAIN}.lock`)).toBe(false);
    fsck(dir);
  });

  test("makes a branch that must not exist, in folders that need not exist", () => {
    const dir = gitRepo();
    const [old, next] = [git(dir, "rev-parse", "HEAD"), commitOn(dir)];
    expect(swapRef(open(dir), "refs/heads/a/b/c", undefined, old)).toBe("ok");
    expect(swapRef(open(dir), "refs/heads/a/b/c", undefined, next)).toBe("moved");
    git(dir, "pack-refs", "--all");
    expect(swapRef(open(dir), "refs/heads/a/b/c", undefined, next)).toBe("moved");
    expect(git(dir, "rev-parse", "a/b/c")).toBe(old);
  });

  test("changes nothing when the branch moved or somebody holds the lock", () => {
    const dir = gitRepo();
    const [old, next] = [git(dir, "rev-parse", "HEAD"), commitOn(dir)];
    expect(swapRef(open(dir), MAIN, next, old)).toBe("moved");
    writeFileSync(`${dir}/.git/${MAIN}.lock`, "");
    expect(swapRef(open(dir), MAIN, old, next)).toBe("locked");
    expect(readFileSync(`${dir}/.git/${MAIN}.lock`, "utf8")).toBe("");
    rmSync(`${dir}/.git/${MAIN}.lock`);
    expect(git(dir, "rev-parse", "HEAD")).toBe(old);
  });

  test("git itself waits for nobody while we hold the lock", () => {
    const dir = gitRepo();
    writeFileSync(`${dir}/.git/${MAIN}.lock`, `${"1".repeat(40)}\n`);
    expect(() => git(dir, "commit", "--quiet", "--allow-empty", "-m", "x")).toThrow(/lock/);
  });

  test("only a lock of our own is removed after a crash", () => {
    const dir = gitRepo();
    const next = commitOn(dir);
    const lock = `${dir}/.git/${MAIN}.lock`;
    writeFileSync(lock, "");
    removeOwnRefLock(open(dir), MAIN, next);
    expect(existsSync(lock)).toBe(true);
    writeFileSync(lock, `${next}\n`);
    removeOwnRefLock(open(dir), MAIN, next);
    expect(existsSync(lock)).toBe(false);
  });

  test.each(["", "8f3", "garbage\n"])("a torn branch (%j) is not taken for a new one", (text) => {
    const dir = gitRepo();
    const [old, next] = [git(dir, "rev-parse", "HEAD"), commitOn(dir)];
    writeFileSync(`${dir}/.git/${MAIN}`, text);
    const damaged = expect.objectContaining({
      code: "git_unsupported",
      message: expect.stringMatching(/no commit id/),
    });
    expect(() => swapRef(open(dir), MAIN, undefined, next)).toThrow(damaged);
    // Nor is the older commit that packed-refs may still have.
    writeFileSync(`${dir}/.git/packed-refs`, `${old} ${MAIN}\n`);
    expect(() => swapRef(open(dir), MAIN, old, next)).toThrow(damaged);
    expect(readFileSync(`${dir}/.git/${MAIN}`, "utf8")).toBe(text);
    expect(swapRef(open(dir), MAIN, old, next, { replaceDamaged: true })).toBe("ok");
    expect(git(dir, "rev-parse", "main")).toBe(next);
  });

  test("a branch that is gone though its log has commits is not begun anew", () => {
    const dir = gitRepo();
    const next = commitOn(dir);
    rmSync(`${dir}/.git/${MAIN}`);
    expect(() => swapRef(open(dir), MAIN, undefined, next)).toThrow(/its log names commits/);
    expect(existsSync(`${dir}/.git/${MAIN}`)).toBe(false);
    expect(existsSync(`${dir}/.git/${MAIN}.lock`)).toBe(false);
  });

  test.each([false, true])("another branch's name in the way is an error that names it (packed: %s)", (packed) => {
    const dir = gitRepo();
    const oid = git(dir, "rev-parse", "HEAD");
    git(dir, "branch", "ayo");
    git(dir, "branch", "x/y");
    if (packed) git(dir, "pack-refs", "--all");
    const inTheWay = expect.objectContaining({ code: "git_unsupported", message: expect.stringMatching(/in its way/) });
    expect(() => swapRef(open(dir), STORE_BRANCH, undefined, oid)).toThrow(inTheWay);
    expect(() => swapRef(open(dir), "refs/heads/x", undefined, oid)).toThrow(inTheWay);
    expect(git(dir, "for-each-ref", "--format=%(refname:short)")).toBe("ayo\nmain\nx/y");
  });

  test("an empty folder that git left behind is no obstacle", () => {
    const dir = gitRepo();
    mkdirSync(`${dir}/.git/refs/heads/x/y`, { recursive: true });
    expect(swapRef(open(dir), "refs/heads/x", undefined, git(dir, "rev-parse", "HEAD"))).toBe("ok");
    expect(git(dir, "rev-parse", "x")).toBe(git(dir, "rev-parse", "main"));
  });
});

const COMMITTER = `
import { buildCommit } from "@git/commits/commit.ts";
import { readHead, swapRef } from "@git/refs/refs.ts";
import { openRepository } from "@git/repository/repository.ts";
const [dir, who, count] = process.argv.slice(2);
const repository = openRepository(dir);
const person = { name: who, email: who + "@example.com", time: 1700000000, timezone: "+0000" };
for (let n = 0; n < Number(count); n++) {
  const bytes = Buffer.from(who + n + "\\n");
  for (;;) {
    const head = readHead(repository);
    const changes = new Map([["t/" + who + "-" + n + ".md", { bytes }]]);
    const { oid } = await buildCommit(repository, head.oid, changes, { author: person, committer: person, message: who + "\\n" });
    if (swapRef(repository, head.ref, head.oid, oid, { reflog: { ...person, message: who } }) === "ok") break;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
  }
}
`;

test("kill -9 at any moment leaves a repository that git finds whole, with no commit gone", async () => {
  const dir = tempDir();
  const repository = initRepository(dir);
  const env = hermeticEnv(sharedHome());
  let last = git(dir, "rev-parse", "HEAD");
  for (let round = 0; round < 12; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    const run = runModule(COMMITTER, [dir, `k${round}`, "9999"], {
      bundleDir: dir,
      env,
      signal,
      killSignal: "SIGKILL",
    });
    const killed = expect(run).rejects.toThrow();
    while (readHead(repository).oid === last) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 7 * round));
    controller.abort();
    await killed;
    expect(git(dir, "merge-base", "--is-ancestor", last, "HEAD")).toBe("");
    last = git(dir, "rev-parse", "HEAD");
    const left = readdirSync(`${dir}/.git/refs/heads/ayo`).filter((name) => name.endsWith(".lock"));
    for (const name of left) {
      const lock = `${dir}/.git/refs/heads/ayo/${name}`;
      removeOwnRefLock(repository, STORE_BRANCH, readFileSync(lock, "utf8").trim());
      expect(existsSync(lock)).toBe(false);
    }
  }
  expect(Number(git(dir, "rev-list", "--count", "HEAD"))).toBeGreaterThan(3);
  fsck(dir);
});

test("4 processes x 25 commits, while git packs refs and objects: none is lost", async () => {
  const dir = tempDir();
  initRepository(dir);
  const env = hermeticEnv(sharedHome());
  let isDone = false;
  const housekeeping = (async () => {
    for (let round = 0; !isDone; round++) {
      const args = round % 3 === 2 ? ["repack", "-a", "-d", "-q"] : ["pack-refs", "--all"];
      await new Promise((resolve) => spawn("git", args, { cwd: dir, env, stdio: "ignore" }).on("close", resolve));
    }
  })();
  const workers = ["a", "b", "c", "d"].map((who) => runModule(COMMITTER, [dir, who, "25"], { bundleDir: dir, env }));
  await Promise.all(workers).finally(() => (isDone = true));
  await housekeeping;
  expect(git(dir, "rev-list", "--count", "HEAD")).toBe("101");
  expect(git(dir, "ls-tree", "-r", "--name-only", "HEAD").split("\n")).toHaveLength(100);
  expect(git(dir, "rev-list", "--min-parents=2", "HEAD")).toBe("");
  expect(readFileSync(path.join(dir, ".git/logs/HEAD"), "utf8").trim().split("\n")).toHaveLength(100);
  fsck(dir);
});
