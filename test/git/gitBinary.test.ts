import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { maintain, runGit } from "../../src/git/gitBinary.ts";
import { initRepository } from "../../src/git/initRepository.ts";
import { writeObject } from "../../src/git/objects.ts";
import { git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { tempDir } from "../helpers/tempDir.ts";

describe("runGit", () => {
  test("answers with code and both outputs, and passes input on", async () => {
    const dir = gitRepo();
    const env = hermeticEnv(sharedHome());
    const hashed = await runGit(["hash-object", "--stdin"], { cwd: dir, env, input: "# Test\n" });
    expect(hashed).toEqual({ code: 0, stdout: `${git(dir, "rev-parse", "HEAD:README.md")}\n`, stderr: "" });
    const failed = await runGit(["rev-parse", "--verify", "nope"], { cwd: dir, env });
    expect(failed).toMatchObject({ code: 128, stderr: expect.stringContaining("fatal") });
  });

  test("does not inherit what a hook or a `git -c` around us has set", async () => {
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
    expect((await runGit(["rev-parse", "--show-toplevel"], { cwd: dir, env })).stdout.trim()).toBe(dir);
    expect((await runGit(["config", "user.name"], { cwd: dir, env })).stdout.trim()).toBe("Test User");
  });

  test("no git, no directory and no end are results, not exceptions", async () => {
    const dir = gitRepo();
    const env = hermeticEnv(sharedHome());
    expect((await runGit(["status"], { cwd: dir, env: { ...env, PATH: "/nowhere" } })).code).toBeNull();
    expect((await runGit(["status"], { cwd: `${dir}/nowhere`, env })).code).toBeNull();
    const slow = await runGit(["-c", "alias.wait=!sleep 5", "wait"], { cwd: dir, env, timeoutMs: 100 });
    expect(slow.code).toBeNull();
  });
});

test("maintain packs the store when there is much to pack, without being waited for", async () => {
  const dir = tempDir();
  const repository = initRepository(dir);
  git(dir, "config", "gc.auto", "2");
  git(dir, "config", "gc.autoDetach", "false");
  for (let n = 0; n < 600; n++) writeObject(repository, "blob", Buffer.from(`blob ${n}`));
  writeFileSync(`${dir}/a.md`, "a\n");
  git(dir, "add", ".");
  git(dir, "-c", "gc.auto=0", "commit", "--quiet", "-m", "a");
  for (const name of readdirSync(`${dir}/.git/objects/17`)) utimesSync(`${dir}/.git/objects/17/${name}`, 1e9, 1e9);
  const env = { ...hermeticEnv(sharedHome()), GIT_CONFIG_GLOBAL: "/dev/null" };
  maintain(repository, env);
  const packs = (): string[] => readdirSync(`${dir}/.git/objects/pack`).filter((name) => name.endsWith(".pack"));
  // It has only been started.
  expect(packs()).toEqual([]);
  await expect.poll(packs, { timeout: 20_000 }).toHaveLength(1);
  await expect.poll(() => existsSync(`${dir}/.git/gc.pid`), { timeout: 20_000 }).toBe(false);
  expect(git(dir, "log", "--format=%s")).toBe("a\nayo store");
  expect(statSync(`${dir}/.git/objects/pack`).isDirectory()).toBe(true);
});

test("maintain without git or store is silent", () => {
  const repository = initRepository(tempDir());
  maintain(repository, { PATH: "/nowhere" });
  maintain({ ...repository, commonDir: "/nowhere" }, hermeticEnv(sharedHome()));
});
