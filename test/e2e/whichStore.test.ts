import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { fsck, git } from "../helpers/git.ts";
import { gitRepo } from "../helpers/gitRepo.ts";
import { CLI, runCli, UNPRIVILEGED } from "../helpers/runCli.ts";
import { runHere } from "../helpers/runHere.ts";
import { runScript } from "../helpers/runScript.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, tempStore } from "../helpers/tempStore.ts";

/** A project with twelve documents that look like tickets, a hook and a template, and a store's branch fetched. */
async function project(): Promise<string> {
  const { tickets } = await tempStore();
  const dir = gitRepo();
  for (const folder of ["hooks", "projects", "templates"]) {
    mkdirSync(path.join(dir, folder));
    writeFileSync(path.join(dir, folder, "plan.md"), "one\n");
  }
  for (let n = 1; n <= 12; n++) writeFileSync(`${dir}/doc-${n}.md`, `---\nid: doc-${n}\nstatus: open\n---\n# ${n}\n`);
  writeFileSync(`${dir}/config.yml`, "archive: {after: 30d}\n");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "-m", "documents");
  git(dir, "fetch", "--quiet", tickets, "ayo/tickets:ayo/tickets");
  return dir;
}

/** What the project's git has: commits, what is staged, what is changed, and the files themselves. */
function stateOf(dir: string): string {
  const names = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter(
    (name) => !/^\.(git|tickets)\b/.test(name),
  );
  return [
    git(dir, "for-each-ref"),
    readFileSync(`${dir}/.git/HEAD`, "utf8"),
    git(dir, "status", "--porcelain=v2"),
    git(dir, "diff", "--cached"),
    ...names.sort(),
  ].join("\n");
}

describe("--dir of a project's top commits nothing of the project's and brings nothing back", () => {
  test.each<readonly [string, (dir: string) => void]>([
    ["nothing to commit", () => {}],
    [
      "work that is not finished",
      (dir) => {
        writeFileSync(`${dir}/hooks/plan.md`, "half done\n");
        writeFileSync(`${dir}/projects/new.md`, "new\n");
        writeFileSync(`${dir}/doc-1.md`, "changed\n");
      },
    ],
    ["twelve documents taken away", (dir) => git(dir, "rm", "--quiet", "doc-*.md")],
    ["twelve documents lost", (dir) => Array.from({ length: 12 }, (_, n) => rmSync(`${dir}/doc-${n + 1}.md`))],
    ["a detached HEAD", (dir) => git(dir, "checkout", "--quiet", "--detach")],
    ["the store's branch checked out", (dir) => git(dir, "checkout", "--quiet", "ayo/tickets")],
    ["a branch without a commit", (dir) => git(dir, "checkout", "--quiet", "--orphan", "fresh")],
    [
      "a merge to finish",
      (dir) => {
        git(dir, "checkout", "--quiet", "-b", "side");
        writeFileSync(`${dir}/doc-1.md`, "side\n");
        git(dir, "commit", "--quiet", "-am", "side");
        git(dir, "checkout", "--quiet", "main");
        writeFileSync(`${dir}/doc-1.md`, "main\n");
        git(dir, "commit", "--quiet", "-am", "main");
        expect(() => git(dir, "merge", "side")).toThrow("CONFLICT");
      },
    ],
    ["what an older ayo left in its git directory", (dir) => mkdirSync(`${dir}/.git/ayo/redo`, { recursive: true })],
  ])("with %s", async (_, change) => {
    const dir = await project();
    change(dir);
    const before = stateOf(dir);
    for (const args of [
      ["--dir", ".", "ticket", "create", "x"],
      ["--dir", ".", "ticket", "list"],
      ["--dir", ".", "init"],
      ["--dir", ".", "init", "--inline"],
      ["--dir", ".", "doctor", "--fix"],
    ]) {
      const { code, stderr } = await runHere(dir, args);
      expect([args, code, stderr]).toEqual([args, 1, expect.stringContaining("is not a ticket store's")]);
      expect(stderr).toContain("try: ");
    }
    const named = await runHere(dir, ["ticket", "create", "x"], { env: { TICKETS_DIR: dir } });
    expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("is not a ticket store's")]);
    expect(stateOf(dir)).toBe(before);
  });

  test("where it holds a .tickets that one is meant, in any state of the project", async () => {
    const dir = await project();
    const store = storeIn(dir);
    const id = await store.ayo("ticket", "create", "First");
    for (const branch of ["main", "ayo/tickets"]) {
      git(dir, "checkout", "--quiet", branch);
      const before = stateOf(dir);
      expect(await store.ayo("--dir", ".", "ticket", "list", "-q")).toBe(id);
      await store.ayo("--dir", ".", "ticket", "note", id, branch);
      expect(stateOf(dir)).toBe(before);
    }
    store.judge();
  });
});

describe("a store that was cloned or checked out by hand", () => {
  test.each<readonly [string, (from: string, to: string) => unknown]>([
    ["git clone", (from, to) => git(from, "clone", "--quiet", from, to)],
    ["git clone --depth 1", (from, to) => git(from, "clone", "--quiet", "--depth=1", `file://${from}`, to)],
    ["git worktree add", (from, to) => git(from, "worktree", "add", "--quiet", "-f", to, "ayo/tickets")],
    [
      "a branch of its own, packed",
      (from, to) => {
        git(from, "clone", "--quiet", from, to);
        git(to, "checkout", "--quiet", "-b", "try");
        git(to, "gc", "--quiet");
      },
    ],
  ])("works: %s", async (_, make) => {
    const origin = await tempStore();
    const id = await origin.ayo("ticket", "create", "Shared");
    const dir = gitRepo();
    make(origin.tickets, `${dir}/.tickets`);
    const store = storeIn(dir);
    expect(await store.ayo("ticket", "list", "-q")).toBe(id);
    await store.ayo("ticket", "close", id);
    await store.ayo("init");
    expect(git(dir, "status", "--porcelain")).toBe("");
    fsck(store.repo);
    expect(git(store.repo, "show", "-s", "--format=%s")).toBe(`close ${id}: Shared`);
    expect(git(store.repo, "status", "--porcelain")).toBe("");
  });

  test("what was found out about a branch is not looked up again, and holds for no other branch", async () => {
    const store = await tempStore();
    git(store.repo, "checkout", "--quiet", "-b", "try");
    await store.ayo("ticket", "create", "One");
    git(store.repo, "gc", "--quiet", "--prune=now");
    const proofs = `${store.repo}/.git/ayo/root-proofs`;
    await store.ayo("ticket", "list");
    expect(readFileSync(proofs, "utf8").split("\n")[0]).toBe(git(store.repo, "rev-parse", "HEAD"));
    git(store.repo, "checkout", "--quiet", "--orphan", "else");
    git(store.repo, "commit", "--quiet", "-m", "another beginning");
    const refused = await store.here(["ticket", "create", "Two"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("it is on else")]);
    expect(git(store.repo, "log", "--format=%s")).toBe("another beginning");
  });
});

describe("a .tickets that is a link", () => {
  test("is kept out of git status of both places, and doctor sees to it", async () => {
    const [top, shared] = [gitRepo(), gitRepo()];
    mkdirSync(`${shared}/tickets [all]`);
    symlinkSync(`${shared}/tickets [all]`, `${top}/.tickets`);
    await runHere(top, ["init"]);
    await runHere(top, ["ticket", "create", "One"]);
    for (const dir of [top, shared]) expect(git(dir, "status", "--porcelain")).toBe("");
    for (const dir of [top, shared]) rmSync(`${dir}/.git/info/exclude`);
    const found = await runHere(top, ["doctor", "--fix"]);
    expect(found.code).toBe(0);
    for (const dir of [top, shared]) expect(git(dir, "status", "--porcelain")).toBe("");
  });

  test("a second project that links to a store hides its link at init", async () => {
    const store = await tempStore();
    const second = gitRepo();
    symlinkSync(store.tickets, `${second}/.tickets`);
    expect((await runHere(second, ["init"])).stdout).toContain("Found a store");
    expect(git(second, "status", "--porcelain")).toBe("");
  });

  test("one that the project has committed is left alone", async () => {
    const store = await tempStore();
    const dir = gitRepo();
    symlinkSync(store.tickets, `${dir}/.tickets`);
    git(dir, "add", ".tickets");
    git(dir, "commit", "--quiet", "-m", "link");
    expect((await runHere(dir, ["doctor"])).stdout).toBe("Nothing is wrong\n");
    expect((await runHere(dir, ["ticket", "create", "One"])).code).toBe(0);
    expect(git(dir, "status", "--porcelain")).toBe("");
  });
});

test("right after init in a directory without readable tickets doctor finds no damaged git", async () => {
  const dir = gitRepo();
  mkdirSync(`${dir}/.tickets`);
  writeFileSync(`${dir}/.tickets/notes.md`, "just text\n");
  await runHere(dir, ["init"]);
  const { stdout } = await runHere(dir, ["doctor"]);
  expect(stdout).not.toContain("git_");
  expect(stdout).toContain("notes.md:1");
  rmSync(`${dir}/.tickets/notes.md`);
  expect((await runHere(dir, ["doctor"])).stdout).toBe("Nothing is wrong\n");
  await runHere(dir, ["ticket", "create", "One"]);
  rmSync(`${dir}/.tickets/.git/index`);
  expect((await runHere(dir, ["doctor"])).stdout).toContain("the index is missing");
});

describe("what stands where a store should be is named in one line", () => {
  const only = (text: string) => new RegExp(`^error: [^\n]*${text}[^\n]*\n$`);

  test.each([
    ["list", ["ticket", "list"]],
    ["create", ["ticket", "create", "x"]],
    ["init", ["init"]],
    ["doctor", ["doctor"]],
  ])("by %s", async (_, args) => {
    const dir = tempDir();
    mkdirSync(`${dir}/file/src`, { recursive: true });
    mkdirSync(`${dir}/link`);
    mkdirSync(`${dir}/closed/.tickets`, { recursive: true });
    writeFileSync(`${dir}/file/.tickets`, "a note");
    symlinkSync("../nowhere", `${dir}/link/.tickets`);
    symlinkSync("loop", `${dir}/loop`);
    chmodSync(`${dir}/closed/.tickets`, 0o000);
    onTestFinished(() => chmodSync(`${dir}/closed/.tickets`, 0o755));
    const say = async (cwd: string, flags: string[] = [], through: readonly string[] = []) => {
      const { code, stdout, stderr } = await runCli(`${dir}/${cwd}`, [...flags, ...args], { through });
      return [code, stdout, stderr];
    };
    const is = (text: string) => [1, "", expect.stringMatching(only(text))];
    expect(await say("file")).toEqual(is("file/.tickets is a file; a store is a directory"));
    expect(await say("link")).toEqual(is("link/.tickets is a link to ../nowhere, where nothing is"));
    expect(await say("closed", [], UNPRIVILEGED)).toEqual(is("closed/.tickets is closed to this process"));
    expect(await say("file", ["--dir", ".tickets"])).toEqual(is("file/.tickets is a file; a store is a directory"));
    expect(await say("file", ["--dir", ".tickets/x"])).toEqual(is("file/.tickets/x cannot be: .*/.tickets is a file"));
    expect(await say("link", ["--dir", ".tickets"])).toEqual(is("is a link to ../nowhere, where nothing is"));
    expect(await say("", ["--dir", "loop"])).toEqual(is("loop cannot be looked at: ELOOP"));
    expect(await say("closed", ["--dir", ".tickets"], UNPRIVILEGED)).toEqual(is("is closed to this process"));
    expect(await say("closed", ["--dir", ".tickets/x"], UNPRIVILEGED)).toEqual(is("is closed to this process"));
  });

  // Node's own mkdir of a folder with its parents never ends here.
  test.each(["/proc/x", "/proc/x/y"])(
    "%s, where the kernel lets nobody make anything, is refused and ends",
    async (dir) => {
      for (const words of [["init"], ["ticket", "create", "x"]]) {
        const { code, stderr } = await runHere(tempDir(), [...words, "--dir", dir]);
        expect([code, stderr]).toEqual([1, expect.stringContaining("/proc is closed to this process")]);
      }
    },
  );

  test("a working directory that is gone: only what needs it is refused", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "One");
    const from = (words: string) => {
      const script = `mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && "${process.execPath}" "${CLI}" ${words}; echo "exit $?" >&2`;
      return runScript(script, [store.dir]);
    };
    for (const words of ["ticket list", "ticket create x", "init", "--dir here ticket create x", "doctor"])
      expect(from(words)).toMatchObject({
        stdout: "",
        stderr: expect.stringMatching(
          /error: the working directory .*\/gone is gone: go to one that is there\nexit 1\n$/,
        ),
      });
    expect(from(`--dir "${store.tickets}" ticket list -q`).stdout).toBe(`${id}\n`);
    expect(from("--version").stdout).toContain("ayo ");
  });
});

describe("a name that says something else than was meant", () => {
  test("~ is the home directory where no shell has replaced it", async () => {
    const home = tempDir();
    const env = { HOME: home, TICKETS_DIR: "~/notes/.tickets" };
    const dir = tempDir();
    expect((await runHere(dir, ["ticket", "create", "x"], { env })).code).toBe(0);
    expect(readdirSync(`${home}/notes/.tickets`)).toContain("config.yml");
    expect((await runHere(dir, ["--dir=~/notes", "ticket", "list"], { env: { HOME: home } })).stdout).toContain("x");
    expect(readdirSync(dir)).toEqual([]);
  });

  test.each([
    ["$HOME/x", "nobody has replaced $HOME in it"],
    ["$" + "{workspaceFolder}/.tickets", "nobody has replaced $" + "{workspaceFolder} in it"],
    ["%USERPROFILE%\\x", "nobody has replaced %USERPROFILE% in it"],
    ["C:\\Users\\x", "a path of Windows"],
    ["d:/x", "a path of Windows"],
  ])("%s is refused, and nothing is made", async (name, why) => {
    const dir = tempDir();
    for (const [args, env] of [
      [["--dir", name], {}],
      [[], { TICKETS_DIR: name }],
    ] as const) {
      const { code, stderr } = await runHere(dir, [...args, "ticket", "create", "x"], { env });
      const from = args.length > 0 ? "--dir" : "TICKETS_DIR";
      expect([code, stderr]).toEqual([2, `error: ${from} '${name}' names nothing here: ${why}\n`]);
    }
    expect(readdirSync(dir)).toEqual([]);
    mkdirSync(path.join(dir, name), { recursive: true });
    expect((await runHere(dir, ["--dir", name, "ticket", "create", "x"])).code).toBe(0);
  });

  test("an empty --dir is refused, an empty TICKETS_DIR is none", async () => {
    const store = await tempStore();
    expect(await store.here(["--dir", "", "ticket", "list"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--dir needs a value"),
    });
    expect(await store.here(["ticket", "list"], { env: { TICKETS_DIR: "" } })).toMatchObject({ code: 0 });
  });

  test("a relative TICKETS_DIR stays the same store below the project's top; --dir is from here", async () => {
    const dir = gitRepo();
    mkdirSync(`${dir}/src/deep`, { recursive: true });
    const env = { TICKETS_DIR: "tasks" };
    const id = (await runHere(dir, ["ticket", "create", "x"], { env })).stdout.trim();
    expect((await runHere(`${dir}/src/deep`, ["ticket", "list", "-q"], { env })).stdout.trim()).toBe(id);
    expect((await runHere(`${dir}/src/deep`, ["ticket", "create", "y"], { env })).code).toBe(0);
    expect(readdirSync(`${dir}/src/deep`)).toEqual([]);
    expect((await runHere(`${dir}/src`, ["--dir", "tasks", "ticket", "list"])).stderr).toContain(`${dir}/src/tasks`);
  });
});
