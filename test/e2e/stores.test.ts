import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { runHere } from "../helpers/runHere.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

test("one project, several worktrees and branches: one store, and the project's git never sees it", async () => {
  const repo = gitRepo();
  const linked = path.join(tempDir(), "linked");
  git(repo, "worktree", "add", "--quiet", linked, "-b", "topic");
  const id = (await runHere(linked, ["ticket", "create", "From a worktree"])).stdout.trim();
  expect((await runHere(repo, ["ticket", "list", "-q"])).stdout).toBe(`${id}\n`);
  git(repo, "checkout", "--quiet", "-b", "another");
  expect((await runHere(repo, ["ticket", "close", id])).code).toBe(0);
  expect((await runHere(linked, ["ticket", "closed", "-q"])).stdout).toBe(`${id}\n`);
  for (const dir of [repo, linked]) expect(git(dir, "status", "--porcelain")).toBe("");
  git(repo, "add", "--all");
  git(repo, "clean", "-fd");
  expect(git(repo, "status", "--porcelain")).toBe("");
  storeIn(repo).judge();
});

test("--session, --global, --dir and their variables name stores apart from each other", async () => {
  const [dir, home] = [tempDir(), tempDir()];
  const env = { AYO_HOME: home };
  const create = async (title: string, flags: string[], more = {}) =>
    (await runHere(dir, [...flags, "ticket", "create", title], { env: { ...env, ...more } })).stdout.trim();
  const ids = [
    await create("Here", []),
    await create("Global", ["--global"]),
    await create("Session", ["--session", "review"]),
    await create("Directory", ["--dir", "other"]),
  ];
  const list = async (flags: string[], more = {}) =>
    (await runHere(dir, [...flags, "ticket", "list", "-q"], { env: { ...env, ...more } })).stdout.trim();
  expect(
    await Promise.all([list([]), list(["--global"]), list(["--session", "review"]), list(["--dir", "other"])]),
  ).toEqual(ids);
  expect(await list([], { TICKETS_DIR: path.join(dir, "other") })).toBe(ids[3]);
  expect(await list([], { AYO_SESSION: "review" })).toBe(ids[2]);
  expect(readdirSync(home).sort()).toEqual(["sessions", "tickets"]);
  for (const store of [`${home}/tickets`, `${home}/sessions/review/.tickets`, `${dir}/other`])
    expect(git(store, "status", "--porcelain")).toBe("");
});

test("where there is no store only create and init make one; the others say how to", async () => {
  const dir = tempDir();
  for (const args of [["ticket", "list"], ["ticket", "close", "x-1"], ["doctor"], ["export"]]) {
    const { code, stderr } = await runHere(dir, args);
    expect([code, stderr]).toEqual([1, `error: no ticket store at ${dir}/.tickets\ntry: ayo init\n`]);
  }
  expect(readdirSync(dir)).toEqual([]);
  const refused = await runHere(dir, ["ticket", "create", ""]);
  expect([refused.code, readdirSync(dir)]).toEqual([2, []]);
});

describe("init", () => {
  test("says in one line what it made and what it found, and changes nothing the second time", async () => {
    const store = storeIn(gitRepo());
    expect(await store.ayo("init", "--prefix", "web")).toBe(
      `Made a store with its own git history in ${store.tickets}`,
    );
    const head = git(store.repo, "rev-parse", "HEAD");
    expect(await store.ayo("init")).toBe(`Found a store with its own git history in ${store.tickets}`);
    expect(git(store.repo, "rev-parse", "HEAD")).toBe(head);
    expect(await store.ayo("ticket", "create", "One")).toMatch(/^web-[a-z0-9]{4}$/);
    const inline = storeIn(gitRepo(), true);
    expect(await inline.ayo("init", "--inline")).toBe(`Made a store in the project's branch in ${inline.tickets}`);
    expect(await inline.ayo("init")).toBe(`Found a store in the project's branch in ${inline.tickets}`);
    inline.judge();
  });

  test("every own store begins with the same commit", async () => {
    const roots = [];
    for (const store of [await tempStore(), await tempStore({ project: true })])
      roots.push(git(store.repo, "rev-list", "--max-parents=0", "HEAD"));
    expect(new Set(roots).size).toBe(1);
    expect(roots[0]).toMatch(/^[0-9a-f]{40}$/);
  });

  test("a directory that tk wrote is taken in as it is, byte for byte", async () => {
    const store = storeIn(gitRepo());
    mkdirSync(store.tickets);
    const text = "---\nid: old-1\nstatus: deferred\ndeps: [ ]   # none\n---\n# Old\r\nCRLF here\r\n";
    store.write("old-1", text);
    const made = await store.here(["init"]);
    expect(made.stdout).toBe(`Made a store with its own git history in ${store.tickets}, 1 ticket\n`);
    expect(store.text("old-1")).toBe(text);
    expect(readdirSync(store.tickets).sort()).toEqual([".git", "old-1.md"]);
    expect(git(store.repo, "show", "-s", "--format=%s")).toBe("adopt 1 ticket");
    store.judge();
  });
});

describe("a project whose branch tracks .tickets/", () => {
  test("the branch that is checked out: the store is inline without being asked", async () => {
    const store = storeIn(gitRepo(), true);
    mkdirSync(store.tickets);
    store.write("old-1", "---\nid: old-1\nstatus: open\n---\n# Old\n");
    git(store.dir, "add", ".");
    git(store.dir, "commit", "--quiet", "-m", "tickets");
    await store.ayo("ticket", "close", "old-1");
    expect(existsSync(path.join(store.tickets, ".git"))).toBe(false);
    expect(git(store.dir, "show", "--format=%s", "--name-only")).toBe("close old-1: Old\n\n.tickets/old-1.md");
    store.judge();
  });

  test.each(["local", "remote-tracking"])(
    "a %s branch elsewhere: no store of its own, which a checkout would overwrite",
    async (kind) => {
      const repo = gitRepo();
      git(repo, "checkout", "--quiet", "-b", "old");
      mkdirSync(`${repo}/.tickets`);
      writeFileSync(`${repo}/.tickets/old-1.md`, "---\nid: old-1\n---\n# Old\n");
      git(repo, "add", ".");
      git(repo, "commit", "--quiet", "-m", "tickets");
      git(repo, "checkout", "--quiet", "main");
      if (kind === "remote-tracking") {
        git(repo, "update-ref", "refs/remotes/origin/old", "old");
        git(repo, "branch", "--quiet", "-D", "old");
      }
      for (const args of [["init"], ["ticket", "create", "New"]]) {
        const { code, stderr } = await runHere(repo, args);
        const branch = kind === "local" ? "old" : "origin/old";
        expect([code, stderr]).toEqual([1, expect.stringContaining(`branch ${branch} tracks .tickets/`)]);
        expect(stderr).toContain("try: ayo init --inline\n");
      }
      expect(readdirSync(repo).sort()).toEqual([".git", "README.md"]);
      expect((await runHere(repo, ["init", "--inline"])).code).toBe(0);
    },
  );
});

describe("links that lead out of the store", () => {
  test("a ticket that is one is reported, not read and not replaced", async () => {
    const store = await tempStore();
    const secret = path.join(tempDir(), "secret.md");
    writeFileSync(secret, "---\nid: s-1\nstatus: open\n---\n# Secret\n");
    symlinkSync(secret, path.join(store.tickets, "s-1.md"));
    const list = await store.here(["ticket", "list"]);
    expect([list.code, list.stdout, list.stderr]).toEqual([0, "", expect.stringContaining("s-1.md: a symbolic link")]);
    const shown = await store.here(["ticket", "show", "s-1"]);
    expect([shown.code, shown.stdout + shown.stderr]).toEqual([1, expect.not.stringContaining("Secret")]);
    expect((await store.here(["ticket", "close", "s-1"])).code).toBe(1);
    const imported = await store.here(["import", "-", "--from", "jsonl", "--json"], {
      input: '{"id":"s-1","title":"Mine"}',
    });
    expect(JSON.parse(imported.stdout).needYou).toHaveLength(1);
    expect(readFileSync(secret, "utf8")).toContain("# Secret");
    await store.ayo("ticket", "create", "Another");
    expect(git(store.repo, "ls-files")).not.toContain("s-1.md");
  });

  test.each(["archive", "archive/2020-01"])("a folder %s that is one is not written through", async (folder) => {
    const store = await tempStore();
    const outside = tempDir();
    const id = await store.ayo("ticket", "create", "Old one");
    await store.ayo("ticket", "close", id);
    store.write(
      id,
      store
        .text(id)
        .replace(/^closed: .*$/m, "closed: 2020-01-05T00:00:00Z")
        .replace(/^created: .*$/m, "created: 2020-01-01T00:00:00Z"),
    );
    mkdirSync(path.dirname(path.join(store.tickets, folder)), { recursive: true });
    symlinkSync(outside, path.join(store.tickets, folder));
    const archived = await store.here(["ticket", "archive", "--before", "30d"]);
    expect([archived.code, archived.stderr]).toEqual([2, expect.stringContaining("is not a directory of the store")]);
    expect((await store.here(["ticket", "delete", id, "--yes"])).code).toBe(folder === "archive" ? 2 : 0);
    expect(readdirSync(outside)).toEqual([]);
  });

  test("hooks/, projects/ and templates/ that are links are not followed", async () => {
    const store = await tempStore();
    const outside = tempDir();
    writeFileSync(path.join(outside, "task.md"), "SECRET\n");
    for (const folder of ["hooks", "projects", "templates"]) symlinkSync(outside, path.join(store.tickets, folder));
    await store.ayo("ticket", "create", "One");
    expect(git(store.repo, "ls-files")).not.toContain("task.md");
    for (const folder of ["hooks", "projects", "templates"]) rmSync(path.join(store.tickets, folder));
    store.judge();
  });
});
