import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Host } from "../../../../src/host.ts";
import { ayoHome } from "../../../../src/store/open/locate/home.ts";
import { locateStore, type StoreChoice } from "../../../../src/store/open/locate/locate.ts";
import { git } from "../../../helpers/git.ts";
import { gitRepo } from "../../../helpers/gitRepo.ts";
import { tempDir } from "../../../helpers/tempDir.ts";
import { testHost } from "../../../helpers/tempStore.ts";

/** Where the store of a directory is, or would be. */
function from(cwd: string, choice: StoreChoice = {}, env: Host["env"] = {}) {
  const host = testHost(cwd);
  const { dir, exists } = locateStore(choice, { ...host, env: { ...host.env, ...env } });
  return `${dir}${exists ? "" : " (not yet)"}`;
}

function makeFolders(...names: string[]): void {
  for (const name of names) mkdirSync(name, { recursive: true });
}

describe("the session of a working directory", () => {
  test("is the nearest .tickets upwards, beyond the worktree's top too; else at the top, or here outside git", () => {
    const repo = gitRepo();
    makeFolders(`${repo}/src/deep/er`);
    expect(from(`${repo}/src/deep/er`)).toBe(`${repo}/.tickets (not yet)`);
    makeFolders(`${repo}/.tickets`);
    expect(from(`${repo}/src/deep/er`)).toBe(`${repo}/.tickets`);
    makeFolders(`${repo}/src/.tickets`);
    expect(from(`${repo}/src/deep/er`)).toBe(`${repo}/src/.tickets`);
    const plain = tempDir();
    makeFolders(`${plain}/a/b`);
    expect(from(`${plain}/a/b`)).toBe(`${plain}/a/b/.tickets (not yet)`);
    makeFolders(`${plain}/.tickets`);
    expect(from(`${plain}/a/b`)).toBe(`${plain}/.tickets`);
  });

  test("is shared by all linked worktrees, unless one has its own", () => {
    const repo = gitRepo();
    const linked = path.join(tempDir(), "linked");
    git(repo, "worktree", "add", "--quiet", linked, "-b", "topic");
    makeFolders(`${linked}/src`);
    expect(from(`${linked}/src`)).toBe(`${repo}/.tickets (not yet)`);
    makeFolders(`${repo}/.tickets`);
    expect(from(`${linked}/src`)).toBe(`${repo}/.tickets`);
    makeFolders(`${linked}/.tickets`);
    expect(from(`${linked}/src`)).toBe(`${linked}/.tickets`);
    expect(from(repo)).toBe(`${repo}/.tickets`);
  });

  test("lies beside a bare repository that has worktrees", () => {
    const dir = tempDir();
    git(gitRepo(), "clone", "--quiet", "--bare", ".", `${dir}/project/bare.git`);
    git(`${dir}/project/bare.git`, "worktree", "add", "--quiet", "../main", "main");
    git(`${dir}/project/bare.git`, "worktree", "add", "--quiet", "../topic", "-b", "topic");
    for (const tree of ["main", "topic", "bare.git"])
      expect(from(`${dir}/project/${tree}`)).toBe(`${dir}/project/.tickets (not yet)`);
    makeFolders(`${dir}/project/.tickets`);
    for (const tree of ["main", "topic", "bare.git"])
      expect(from(`${dir}/project/${tree}`)).toBe(`${dir}/project/.tickets`);
  });

  test("is reached through links to the real place, and a file of that name is none", () => {
    const [repo, other] = [gitRepo(), tempDir()];
    makeFolders(`${repo}/.tickets`, `${other}/here/.tickets`);
    symlinkSync(repo, `${other}/link`);
    expect(from(`${other}/link`)).toBe(`${repo}/.tickets`);
    symlinkSync(`${repo}/.tickets`, `${other}/.tickets`);
    expect(from(other)).toBe(`${repo}/.tickets`);
    const plain = tempDir();
    writeFileSync(`${plain}/.tickets`, "a note");
    expect(from(plain)).toBe(`${plain}/.tickets (not yet)`);
  });

  test("is never a directory of another user", () => {
    const dir = tempDir();
    makeFolders(`${dir}/.tickets`, `${dir}/mine`);
    const stranger = testHost(`${dir}/mine`, { uid: 54321 });
    expect(locateStore({}, stranger)).toMatchObject({ dir: `${dir}/mine/.tickets`, exists: false });
    expect(locateStore({ dir: `${dir}/.tickets` }, stranger)).toMatchObject({ exists: true });
  });
});

describe("a store that is named", () => {
  test("flags count before variables, and --dir before a session", () => {
    const dir = tempDir();
    makeFolders(`${dir}/.tickets`, `${dir}/named`);
    const env = { AYO_HOME: `${dir}/home`, TICKETS_DIR: "named", AYO_SESSION: "review" };
    expect(from(dir, {}, env)).toBe(`${dir}/named (not yet)`);
    expect(from(dir, { dir: "elsewhere" }, env)).toBe(`${dir}/elsewhere (not yet)`);
    expect(from(dir, { global: true }, env)).toBe(`${dir}/home/tickets (not yet)`);
    expect(from(dir, { session: "s1" }, env)).toBe(`${dir}/home/sessions/s1/.tickets (not yet)`);
    expect(from(dir, {}, { ...env, TICKETS_DIR: "" })).toBe(`${dir}/home/sessions/review/.tickets (not yet)`);
    expect(from(dir, {}, { ...env, TICKETS_DIR: undefined, AYO_SESSION: "" })).toBe(`${dir}/.tickets`);
  });

  test.each(["../up", "a/b", "", ".hidden", "con", "a b", "/etc", "x".repeat(65)])(
    "session '%s' is refused",
    (name) => {
      expect(() => from(tempDir(), { session: name })).toThrow(expect.objectContaining({ code: "bad_usage" }));
    },
  );

  test("two ways at once are refused", () => {
    expect(() => from(tempDir(), { global: true, session: "a" })).toThrow("exclude each other");
    expect(() => from(tempDir(), { global: true, dir: "a" })).toThrow("exclude each other");
  });

  test("a file is no store", () => {
    const dir = tempDir();
    writeFileSync(`${dir}/file`, "");
    expect(() => from(dir, { dir: "file" })).toThrow(expect.objectContaining({ code: "no_store" }));
  });

  test("AYO_HOME defaults to each platform's data directory", () => {
    const host = (platform: string, env: Host["env"] = {}): Host => ({
      ...testHost("/w"),
      platform,
      home: "/home/m",
      env,
    });
    expect(ayoHome(host("linux"))).toBe("/home/m/.local/share/ayo");
    expect(ayoHome(host("linux", { XDG_DATA_HOME: "/data" }))).toBe("/data/ayo");
    expect(ayoHome(host("linux", { AYO_HOME: "rel" }))).toBe("/w/rel");
    expect(ayoHome(host("linux", { AYO_HOME: "~/ayo" }))).toBe("/home/m/ayo");
    expect(() => ayoHome(host("linux", { AYO_HOME: "$XDG/ayo" }))).toThrow("nobody has replaced $XDG in it");
    expect(ayoHome(host("linux", { XDG_DATA_HOME: "data" }))).toBe("/home/m/.local/share/ayo");
    expect(ayoHome(host("darwin"))).toBe("/home/m/Library/Application Support/ayo");
    expect(ayoHome(host("win32", { LOCALAPPDATA: "/local" }))).toBe("/local/ayo");
  });
});
