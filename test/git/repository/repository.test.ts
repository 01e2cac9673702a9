import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  assertSupported,
  discoverRepository,
  mainWorktree,
  openRepository,
} from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { tempDir } from "../../helpers/tempDir.ts";

describe("discoverRepository", () => {
  test("from any folder in a worktree, and from inside .git", () => {
    const dir = gitRepo();
    mkdirSync(`${dir}/a/b`, { recursive: true });
    const gitDir = `${dir}/.git`;
    const found = { worktree: dir, gitDir, commonDir: gitDir, bare: false };
    for (const from of [dir, `${dir}/a/b`, gitDir, `${gitDir}/refs`]) expect(discoverRepository(from)).toEqual(found);
    expect(mainWorktree(found)).toBe(dir);
  });

  test("nothing outside a repository, nor in one that is no repository", () => {
    const dir = tempDir();
    expect(discoverRepository(dir)).toBeUndefined();
    mkdirSync(`${dir}/.git`);
    expect(openRepository(dir)).toBeUndefined();
    writeFileSync(`${dir}/.git/HEAD`, "ref: refs/heads/main\n");
    expect(discoverRepository(dir)).toBeUndefined();
    expect(discoverRepository(path.join(dir, "not", "there"))).toBeUndefined();
  });

  test("a linked worktree shares the main one's directory", () => {
    const dir = gitRepo();
    const linked = path.join(tempDir(), "wt");
    git(dir, "worktree", "add", "--quiet", "-b", "side", linked);
    const found = openRepository(linked);
    expect(found).toMatchObject({ worktree: linked, commonDir: `${dir}/.git`, bare: false });
    expect(found?.gitDir).toBe(git(linked, "rev-parse", "--absolute-git-dir"));
    expect(found && mainWorktree(found)).toBe(dir);
  });

  test.each(["proj/.bare", "proj/repo.git", "proj/.git"])("a bare repository at %s and its worktrees", (name) => {
    const top = tempDir();
    const bare = path.join(top, name);
    const proj = path.dirname(bare);
    mkdirSync(proj);
    git(top, "clone", "--quiet", "--bare", gitRepo(), bare);
    if (name === "proj/.bare") writeFileSync(`${proj}/.git`, "gitdir: ./.bare\n");
    git(bare, "worktree", "add", "--quiet", `${proj}/main`, "main");
    const linked = openRepository(`${proj}/main`);
    expect(linked).toMatchObject({ worktree: `${proj}/main`, commonDir: bare, bare: false });
    expect(linked && mainWorktree(linked)).toBe(proj);
    const from = name === "proj/repo.git" ? bare : proj;
    const found = discoverRepository(from);
    expect(found).toMatchObject({ worktree: proj, gitDir: bare, commonDir: bare, bare: true });
    expect(found && mainWorktree(found)).toBe(proj);
    git(bare, "config", "extensions.worktreeConfig", "true");
    git(bare, "config", "--unset", "core.bare");
    git(bare, "config", "--worktree", "core.bare", "true");
    expect(discoverRepository(from)).toEqual(found);
    expect(() => assertSupported(found as NonNullable<typeof found>)).not.toThrow();
  });

  test("a submodule is a repository of its own, with nothing beside it", () => {
    const dir = gitRepo();
    git(dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", gitRepo(), "sub");
    const found = discoverRepository(`${dir}/sub`);
    expect(found).toMatchObject({ worktree: `${dir}/sub`, gitDir: `${dir}/.git/modules/sub`, bare: false });
    expect(found && mainWorktree(found)).toBe(`${dir}/sub`);
  });

  test("a git directory kept elsewhere, or behind a link", () => {
    const dir = gitRepo();
    const elsewhere = path.join(tempDir(), "elsewhere.git");
    git(dir, "init", "--quiet", "--separate-git-dir", elsewhere);
    const found = openRepository(dir);
    expect(found).toMatchObject({ worktree: dir, gitDir: elsewhere, commonDir: elsewhere, bare: false });
    expect(found && mainWorktree(found)).toBe(dir);
    const linked = gitRepo();
    renameSync(`${linked}/.git`, `${linked}/hidden`);
    symlinkSync("hidden", `${linked}/.git`);
    expect(openRepository(linked)?.gitDir).toBe(`${linked}/.git`);
  });
});

describe("assertSupported", () => {
  const check = (dir: string): void =>
    assertSupported(openRepository(dir) as NonNullable<ReturnType<typeof openRepository>>);
  const refused = (what: RegExp): unknown =>
    expect.objectContaining({ code: "git_unsupported", message: expect.stringMatching(what) });

  test("takes what git makes, gc leaves, and worktrees need", () => {
    const dir = gitRepo();
    git(dir, "config", "extensions.worktreeConfig", "true");
    git(dir, "config", "core.repositoryFormatVersion", "1");
    git(dir, "config", "extensions.objectFormat", "sha1");
    git(dir, "config", "extensions.preciousObjects", "true");
    git(dir, "gc", "--quiet");
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    check(dir);
    check(`${dir}/wt`);
  });

  test("refuses SHA-256", () => {
    const dir = tempDir();
    git(dir, "init", "--quiet", "--object-format=sha256");
    expect(() => check(dir)).toThrow(refused(/sha256 objects/));
  });

  test("refuses borrowed objects", () => {
    const clone = path.join(tempDir(), "clone");
    git(tempDir(), "clone", "--quiet", "--shared", gitRepo(), clone);
    expect(() => check(clone)).toThrow(refused(/alternates/));
  });

  test("refuses a partial clone", () => {
    const dir = gitRepo();
    git(dir, "config", "uploadpack.allowFilter", "true");
    const clone = path.join(tempDir(), "clone");
    git(tempDir(), "clone", "--quiet", "--filter=blob:none", `file://${dir}`, clone);
    expect(() => check(clone)).toThrow(refused(/partial clone/));
  });

  test.each([
    ["[extensions]\n\trefStorage = reftable\n", /reftable/],
    ["[Extensions] RefStorage=reftable", /reftable/],
    ["[extensions]\n\tcompatObjectFormat = sha256\n", /compatobjectformat/],
    ["[extensions]\n\tfromTheFuture\n", /fromthefuture/],
    ["[core]\n\trepositoryformatversion = 2\n", /format 2/],
  ])("refuses %j", (text, what) => {
    const dir = gitRepo();
    appendFileSync(`${dir}/.git/config`, text);
    expect(() => check(dir)).toThrow(refused(what));
  });

  test("is not misled by comments and other sections", () => {
    const dir = gitRepo();
    appendFileSync(
      `${dir}/.git/config`,
      '# [extensions] objectFormat = sha256\n[x "extensions"]\n\tobjectFormat = sha256\n',
    );
    check(dir);
  });
});
