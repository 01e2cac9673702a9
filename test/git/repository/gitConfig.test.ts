import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { identityFrom, readGitConfig } from "../../../src/git/repository/gitConfig.ts";
import { parseGitConfig } from "../../../src/git/repository/parseGitConfig.ts";
import { openRepository, type Repository } from "../../../src/git/repository/repository.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { tempDir } from "../../helpers/tempDir.ts";

/** Files as people and tools write them; git itself says what they mean. */
const FILES = [
  "[user]\n\tname = Ann Example\n\temail=ann@example.com\n",
  '[user]\n name = "Ann  # Example" ; comment\n',
  "[user] name = Ann # comment\n email = a@b\n",
  "[user]\r\n\tname = Ann\r\n\temail = a@b\r\n",
  "\uFEFF[user]\n\tname = Ann\n",
  '[user]\n\tname = Ann \\"The\\" B\\\\C\\tD\n',
  "[user]\n\tname = Ann \\\n  Example\n\temail = a@b\n",
  '[user]\n\tname = "  padded  "  \n\temail =   a@b   \n',
  '[user]\n\tname = a "b  c" d   e\n',
  "[User]\n\tNAME = Ann\n\teMail = x\n",
  '[branch "Main/x"]\n\tremote = origin\n[branch "main/x"]\n\tremote = other\n',
  '[branch "a\\"b\\\\c"]\n\tremote = quoted\n',
  "[branch.main]\n\tremote = old\n",
  "[core]\n\tbare\n\tautocrlf = input\n[core]\n\tautocrlf = true\n",
  "# [user] name = No\n; [user]\n[user]\n# name = C:\\\nname = Yes\n",
  '[user]\n\tname =\n\temail = ""\n',
  "[a]\n\tb = 1\n\tb = 2\n[user]\n\tname = x;y\n",
  "[user]name=Ann\n[core]autocrlf=true",
];

describe("parseGitConfig", () => {
  test.each(FILES)("reads what git reads: %j", (text) => {
    const dir = tempDir();
    writeFileSync(`${dir}/config`, text);
    const listed = git(dir, "config", "--file", "config", "--list", "--null").split("\0").slice(0, -1);
    const expected = listed.map((line) => {
      const at = line.indexOf("\n");
      return at < 0 ? [line, "true"] : [line.slice(0, at), line.slice(at + 1)];
    });
    expect(parseGitConfig(text)).toEqual(expected);
  });

  test.each([
    "[user\nname = x\n[a]\n\tb = c\n",
    "= x\n[a]\n\tb = c\n",
    '[x "y]\n[a]\n\tb = c\n',
    "\0\0\n[a]\n\tb = c\n",
  ])("passes over what git refuses: %j", (text) => expect(parseGitConfig(text)).toContainEqual(["a.b", "c"]));
});

describe("readGitConfig", () => {
  const open = (dir: string): Repository => openRepository(dir) as Repository;

  test("the repository's file over ~/.gitconfig over the XDG one; nothing without a home", () => {
    const [dir, home] = [gitRepo(), tempDir()];
    mkdirSync(`${home}/.config/git`, { recursive: true });
    writeFileSync(`${home}/.config/git/config`, "[user]\n\tname = Xdg\n\temail = xdg@x\n[a]\n\tb = xdg\n");
    writeFileSync(`${home}/.gitconfig`, "[user]\n\tname = Home\n\temail = home@x\n");
    git(dir, "config", "user.name", "Local");
    const config = readGitConfig(open(dir), { HOME: home });
    expect([config("user.name"), config("User.Email"), config("a.b"), config("a.c")]).toEqual([
      "Local",
      "home@x",
      "xdg",
      undefined,
    ]);
    expect(readGitConfig(undefined, { HOME: home })("user.name")).toBe("Home");
    expect(readGitConfig(undefined, {})("user.name")).toBeUndefined();
    const elsewhere = { HOME: home, GIT_CONFIG_GLOBAL: `${home}/.config/git/config` };
    expect(readGitConfig(undefined, elsewhere)("user.name")).toBe("Xdg");
    expect(readGitConfig(undefined, { HOME: home, GIT_CONFIG_GLOBAL: "/dev/null" })("user.name")).toBeUndefined();
    expect(readGitConfig(undefined, { HOME: home, GIT_CONFIG_GLOBAL: "" })("user.name")).toBeUndefined();
  });

  test("a linked worktree has the shared file, and its own where the extension says so", () => {
    const dir = gitRepo();
    git(dir, "config", "user.name", "Shared");
    git(dir, "worktree", "add", "--quiet", "-b", "side", `${dir}/wt`);
    expect(readGitConfig(open(`${dir}/wt`), {})("user.name")).toBe("Shared");
    git(dir, "config", "extensions.worktreeConfig", "true");
    git(`${dir}/wt`, "config", "--worktree", "user.name", "Own");
    expect(readGitConfig(open(`${dir}/wt`), {})("user.name")).toBe("Own");
    expect(readGitConfig(open(dir), {})("user.name")).toBe("Shared");
  });

  test.each([
    ["include.path", "work.inc", true],
    ["include.path", "~/work.inc", true],
    ["include.path", "missing.inc", false],
    ["includeIf.gitdir:DIR/.path", "work.inc", true],
    ["includeIf.gitdir:DIR/project/.git.path", "work.inc", true],
    ["includeIf.gitdir:project/.path", "work.inc", true],
    ["includeIf.gitdir:proj*/.path", "work.inc", true],
    ["includeIf.gitdir:PROJECT/.path", "work.inc", false],
    ["includeIf.gitdir/i:PROJECT/.path", "work.inc", true],
    ["includeIf.gitdir:~/project/.path", "work.inc", true],
    ["includeIf.gitdir:other/.path", "work.inc", false],
  ])("%s = %s (%s), as git does", async (key, value, applies) => {
    const home = tempDir();
    git(home, "init", "--quiet", "project");
    writeFileSync(`${home}/work.inc`, "[user]\n\temail = work@x\n");
    const env = { ...hermeticEnv(home), HOME: home };
    writeFileSync(`${home}/.gitconfig`, "[user]\n\tname = Ann\n\temail = home@x\n");
    const named = key.replace("DIR", home);
    spawnSync("git", ["config", "--global", named, value], { cwd: home, env });
    const { stdout } = spawnSync("git", ["config", "user.email"], { cwd: `${home}/project`, env, encoding: "utf8" });
    expect(stdout.trim()).toBe(applies ? "work@x" : "home@x");
    expect(readGitConfig(open(`${home}/project`), env)("user.email")).toBe(stdout.trim());
  });

  test("a file that includes itself ends", () => {
    const home = tempDir();
    writeFileSync(`${home}/.gitconfig`, "[include]\n\tpath = .gitconfig\n[user]\n\tname = Ann\n");
    expect(readGitConfig(undefined, { HOME: home })("user.name")).toBe("Ann");
  });
});

test("identityFrom: name and e-mail, the environment first, none without a name", () => {
  const dir = gitRepo();
  appendFileSync(`${dir}/.git/config`, "[user]\n\tname = Ann\n\temail = a@x\n");
  const config = readGitConfig(openRepository(dir), {});
  expect(identityFrom(config, {})).toEqual({ name: "Ann", email: "a@x" });
  expect(identityFrom(config, { GIT_AUTHOR_NAME: "Bea" })).toEqual({ name: "Bea", email: "a@x" });
  expect(identityFrom(() => undefined, { EMAIL: "c@x" })).toBeUndefined();
  expect(identityFrom(() => undefined, { GIT_AUTHOR_NAME: "Cy", EMAIL: "c@x" })).toEqual({ name: "Cy", email: "c@x" });
});
