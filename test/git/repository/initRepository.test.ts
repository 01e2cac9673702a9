import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readHead } from "../../../src/git/refs/refs.ts";
import { initRepository, ROOT_COMMIT, STORE_BRANCH } from "../../../src/git/repository/initRepository.ts";
import { assertSupported } from "../../../src/git/repository/repository.ts";
import { fsck, git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";

describe("initRepository", () => {
  test("makes a repository that git takes for its own, with the root commit of every store", () => {
    const dir = tempDir();
    const repository = initRepository(dir);
    assertSupported(repository);
    expect(readHead(repository)).toEqual({ ref: STORE_BRANCH, oid: ROOT_COMMIT });
    expect(git(dir, "status", "--porcelain=v2", "--branch")).toBe(
      `# branch.oid ${ROOT_COMMIT}\n# branch.head ayo/tickets`,
    );
    expect(git(dir, "cat-file", "commit", "HEAD")).toBe(
      "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor ayo <ayo@ayo.invalid> 0 +0000\n" +
        "committer ayo <ayo@ayo.invalid> 0 +0000\n\nayo store",
    );
    expect(git(dir, "ls-tree", "HEAD")).toBe("");
    fsck(dir);
  });

  test("a user's git works in it, and never changes line ends", () => {
    const dir = tempDir();
    initRepository(dir);
    writeFileSync(`${dir}/a.md`, "one\r\ntwo\r\n");
    git(dir, "-c", "core.autocrlf=true", "add", "a.md");
    git(dir, "commit", "--quiet", "-m", "by hand");
    expect(git(dir, "cat-file", "-s", "HEAD:a.md")).toBe("10");
    expect(git(dir, "check-attr", "text", "a.md")).toBe("a.md: text: unset");
    expect(git(dir, "reflog", "--format=%gs")).toBe("commit: by hand");
    git(dir, "gc", "--quiet");
    git(dir, "checkout", "--quiet", "-b", "other");
    expect(git(dir, "status", "--porcelain")).toBe("");
    fsck(dir);
  });

  test("a second call changes nothing", () => {
    const dir = tempDir();
    initRepository(dir);
    const all = (): string[] =>
      readdirSync(`${dir}/.git`, { recursive: true, encoding: "utf8" })
        .sort()
        .map((name) => {
          const { ino, mtimeMs } = statSync(`${dir}/.git/${name}`);
          return `${name} ${ino} ${mtimeMs}`;
        });
    const before = all();
    initRepository(dir);
    expect(all()).toEqual(before);
  });

  test.each(["HEAD", "config", "info", "objects", "refs", "logs", "refs/heads/ayo/tickets", "objects/78"])(
    "completes what a crash left without %s",
    (part) => {
      const dir = tempDir();
      initRepository(dir);
      rmSync(`${dir}/.git/${part}`, { recursive: true, force: true });
      // HEAD is written last: a crash that left out anything left out HEAD.
      rmSync(`${dir}/.git/HEAD`, { force: true });
      if (part === "objects" || part === "objects/78") rmSync(`${dir}/.git/refs/heads/ayo/tickets`, { force: true });
      initRepository(dir);
      expect(git(dir, "rev-parse", "HEAD")).toBe(ROOT_COMMIT);
      expect(git(dir, "status", "--porcelain")).toBe("");
      expect(git(dir, "config", "core.autocrlf")).toBe("false");
      expect(git(dir, "check-attr", "text", "a")).toBe("a: text: unset");
      fsck(dir);
    },
  );

  test("leaves a config and attributes that somebody changed", () => {
    const dir = tempDir();
    initRepository(dir);
    writeFileSync(`${dir}/.git/config`, `${readFileSync(`${dir}/.git/config`)}[user]\n\tname = Me\n`);
    rmSync(`${dir}/.git/HEAD`);
    initRepository(dir);
    expect(git(dir, "config", "--local", "user.name")).toBe("Me");
  });

  test("lies beside nothing temporary", () => {
    const dir = tempDir();
    initRepository(dir);
    const names = readdirSync(`${dir}/.git`, { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => name.includes("tmp_"))).toEqual([]);
    expect(existsSync(`${dir}/.git/index`)).toBe(false);
  });
});
