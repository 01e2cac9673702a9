import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { runGit } from "../../../src/git/binary/gitBinary.ts";
import { git } from "../../helpers/git.ts";
import { gitRepo } from "../../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../../helpers/hermeticEnv.ts";
import { giveToOther, OTHER } from "../../helpers/otherUser.ts";
import { tempDir } from "../../helpers/tempDir.ts";

describe("runGit", () => {
  test("answers with code and both outputs, and passes input on", async () => {
    const dir = gitRepo();
    const env = hermeticEnv(sharedHome());
    const hashed = await runGit(["hash-object", "--stdin"], { at: dir, env, input: "# Test\n" });
    expect(hashed).toEqual({ code: 0, stdout: `${git(dir, "rev-parse", "HEAD:README.md")}\n`, stderr: "" });
    const failed = await runGit(["rev-parse", "--verify", "nope"], { at: dir, env });
    expect(failed).toMatchObject({ code: 128, stderr: expect.stringContaining("fatal") });
  });

  test("reads a repository's objects and files, and nothing else of it or of what is around us", async () => {
    const dir = gitRepo();
    const other = gitRepo();
    const env = {
      ...hermeticEnv(sharedHome()),
      GIT_DIR: `${other}/.git`,
      GIT_INDEX_FILE: "/nowhere",
      GIT_WORK_TREE: other,
      GIT_CONFIG_PARAMETERS: "'user.name=Intruder'",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "user.name",
      GIT_CONFIG_VALUE_0: "Intruder",
    };
    git(dir, "config", "user.nickname", "Intruder");
    const objects = { commonDir: `${dir}/.git` };
    const head = git(dir, "rev-parse", "HEAD");
    const sight = { at: dir, objects, worktree: dir, env };
    expect((await runGit(["rev-parse", "--show-toplevel"], sight)).stdout.trim()).toBe(dir);
    expect((await runGit(["cat-file", "-t", head], sight)).stdout).toBe("commit\n");
    expect((await runGit(["for-each-ref"], sight)).stdout).toBe("");
    for (const key of ["user.name", "user.nickname"])
      expect((await runGit(["config", key], sight)).stdout, key).toBe("");
    const { stdout } = await runGit(["config", "--show-scope", "--get-regexp", "^core.(hooksPath|fsmonitor)"], sight);
    expect(stdout).toBe("command\tcore.hookspath /dev/null\ncommand\tcore.fsmonitor false\n");
    expect((await runGit(["config", "user.name"], { ...sight, settings: { "user.name": "Ann" } })).stdout).toBe(
      "Ann\n",
    );
  });

  test("no git, no directory and no end are results, not exceptions; no directory of ours is left", async () => {
    const dir = gitRepo();
    const scratch = tempDir();
    const env = hermeticEnv(sharedHome());
    const before = process.env.TMPDIR;
    process.env.TMPDIR = scratch;
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    expect((await runGit(["status"], { at: dir, env: { ...env, PATH: "/nowhere" } })).code).toBeNull();
    expect((await runGit(["status"], { at: dir, worktree: `${dir}/nowhere`, env })).code).toBe(128);
    const slow = await runGit(["-c", "alias.wait=!exec sleep 5", "wait"], { at: dir, env, timeoutMs: 100 });
    expect(slow.code).toBeNull();
    expect(readdirSync(scratch)).toEqual([]);
    // Git is started in its own directory, not in ours.
    process.env.TMPDIR = path.relative(process.cwd(), scratch);
    expect((await runGit(["rev-parse", "--is-bare-repository"], { at: dir, env })).stdout).toBe("true\n");
    expect(readdirSync(scratch)).toEqual([]);
    process.env.TMPDIR = `${scratch}/nowhere`;
    expect(await runGit(["--version"], { at: dir, env })).toMatchObject({
      code: null,
      stderr: expect.stringContaining("ENOENT"),
    });
  });

  test("as root runs as the owner of what it is about, also with a umask that hides everything", async () => {
    const dir = gitRepo();
    giveToOther(dir);
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    const env = { ...hermeticEnv(sharedHome()), HOME: undefined };
    const head = git(dir, "-c", `safe.directory=${dir}`, "rev-parse", "HEAD");
    const sight = { at: dir, objects: { commonDir: `${dir}/.git` }, worktree: dir, env };
    expect(await runGit(["-c", "alias.who=!id -u", "who"], sight)).toMatchObject({ stdout: `${OTHER}\n` });
    expect(await runGit(["cat-file", "-t", head], sight)).toMatchObject({ code: 0, stdout: "commit\n" });
  });
});
