import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { type Env, hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";

/** A folder for the PATH with an `ayo` in it. */
function binWith(script: string): string {
  const bin = tempDir();
  writeFileSync(path.join(bin, "ayo"), script);
  chmodSync(path.join(bin, "ayo"), 0o755);
  return bin;
}

const AYO = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`;

/** The machine may have an ayo of its own. */
function pathWithoutAyo(): string {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.filter((folder) => !existsSync(path.join(folder, "ayo"))).join(path.delimiter);
}

interface Tried {
  readonly ok: boolean;
  readonly stderr: string;
}

/** What git makes of a commit with this message; `bin` stands first on the PATH. */
function tryCommit(dir: string, message: string, { bin = binWith(AYO), args = [], env = {} }: TryOptions = {}): Tried {
  const home = hermeticEnv(sharedHome());
  const run = spawnSync("git", ["commit", "--quiet", "--allow-empty", "-m", message, ...args], {
    cwd: dir,
    env: { ...home, PATH: [bin, pathWithoutAyo()].filter((folder) => folder !== "").join(path.delimiter), ...env },
    encoding: "utf8",
  });
  return { ok: run.status === 0, stderr: run.stderr };
}

interface TryOptions {
  readonly bin?: string;
  readonly args?: readonly string[];
  readonly env?: Env;
}

/** Every file below: its kind, bits and bytes; not those of a store, and not git's note of the last message. */
function snapshot(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const file = path.join(folder, name);
      if (name === ".tickets" || name === "COMMIT_EDITMSG") continue;
      const stat = lstatSync(file);
      const bits = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) {
        found[file] = `folder ${bits}`;
        walk(file);
      } else if (stat.isSymbolicLink()) found[file] = `link ${readlinkSync(file)}`;
      else found[file] = `${bits} ${createHash("sha1").update(readFileSync(file)).digest("hex")}`;
    }
  };
  walk(dir);
  return found;
}

async function project(): Promise<{ store: TempStore; dir: string; id: string }> {
  const store = await tempStore({ project: true });
  return { store, dir: store.dir, id: await store.ayo("ticket", "create", "Build login") };
}

/** Writes an executable hook that appends its name, arguments and the message to `log`. */
function writeHook(file: string, body = ""): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "theirs $*: $(head -n 1 "$1")" >> log\n${body}`);
  chmodSync(file, 0o750);
}

describe("the commit-msg hook", () => {
  test("refuses an id that is no ticket's, and says which is near; other messages pass", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install");
    const wrong = tryCommit(dir, `Work - TICKET: ${id}x`);
    expect(wrong).toEqual({
      ok: false,
      stderr: `error: TICKET: ${id}x names no ticket; did you mean ${id}?\ntry: git commit --edit --file=.git/COMMIT_EDITMSG\n`,
    });
    expect(tryCommit(dir, `Work - TICKET: ${id}. More`)).toEqual({ ok: true, stderr: "" });
    expect(tryCommit(dir, `Work - ticket: ${id.toUpperCase()}`).ok).toBe(true);
    expect(tryCommit(dir, "No ticket at all").ok).toBe(true);
    expect(tryCommit(dir, `#1 TICKET: ${id}x`).ok).toBe(false);
    expect(git(dir, "log", "--format=%s")).toBe(
      `No ticket at all\nWork - ticket: ${id.toUpperCase()}\nWork - TICKET: ${id}. More\nstart`,
    );
  });

  test("--require refuses a message without one, and names what the actor works on", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install", "--require");
    await store.ayo("ticket", "start", id, "--as", "coder");
    const missing = tryCommit(dir, "Work", { env: { AYO_AGENT: "coder" } });
    expect(missing.ok).toBe(false);
    expect(missing.stderr).toContain(`the message names no ticket: add 'TICKET: <id>'; you work on ${id}`);
    expect(tryCommit(dir, `Work TICKET: ${id}`).ok).toBe(true);
    await store.ayo("hooks", "install");
    expect(tryCommit(dir, "Work").ok).toBe(true);
  });

  test("merges, reverts, fixup!, squash! and amend! pass", async () => {
    const { store, dir, id } = await project();
    git(dir, "branch", "side");
    writeFileSync(path.join(dir, "a"), "");
    git(dir, "add", "a");
    git(dir, "commit", "--quiet", "--message", `a TICKET: ${id}`);
    await store.ayo("hooks", "install", "--require");
    for (const message of ["fixup! x", "squash! x", "amend! x TICKET: gone-1", "Merge branch 'x'"])
      expect([message, tryCommit(dir, message).ok]).toEqual([message, true]);
    expect(tryCommit(dir, "Merge the two parsers").ok).toBe(false);
    const env = { ...hermeticEnv(sharedHome()), PATH: `${binWith(AYO)}:${process.env.PATH}` };
    const run = (...args: string[]) => spawnSync("git", args, { cwd: dir, env, encoding: "utf8" });
    expect(run("checkout", "--quiet", "side").status).toBe(0);
    writeFileSync(path.join(dir, "b"), "");
    git(dir, "add", "b");
    expect(tryCommit(dir, `b TICKET: ${id}`).ok).toBe(true);
    expect(run("merge", "--quiet", "-m", "Bring both together", "main")).toMatchObject({ status: 0, stderr: "" });
    expect(run("revert", "--no-edit", "HEAD~1")).toMatchObject({ status: 0 });
  });

  test("comments and the diff of --verbose are no message", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install");
    const editor = path.join(tempDir(), "editor");
    writeFileSync(
      editor,
      `#!/bin/sh\nprintf 'Work TICKET: ${id}\\n\\n# TICKET: no-1\\n# ------------------------ >8 ------------------------\\nTICKET: no-2\\n' > "$1"\n`,
    );
    chmodSync(editor, 0o755);
    const env = { ...hermeticEnv(sharedHome()), PATH: `${binWith(AYO)}:${process.env.PATH}`, GIT_EDITOR: editor };
    const run = spawnSync("git", ["commit", "--quiet", "--allow-empty", "--verbose"], {
      cwd: dir,
      env,
      encoding: "utf8",
    });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(git(dir, "log", "-1", "--format=%B").trim()).toBe(`Work TICKET: ${id}`);
  });

  test("never holds a commit up for anything else", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install", "--require");
    const gone = tryCommit(dir, "no ayo", { bin: "" });
    expect(gone.ok).toBe(true);
    expect(gone.stderr).toContain("ayo is not on the PATH: this commit message was not checked");
    const broken = tryCommit(dir, "broken ayo", { bin: binWith("#!/bin/sh\nexit 70\n") });
    expect([broken.ok, broken.stderr]).toEqual([true, "ayo failed (70): this commit message was not checked\n"]);
    const old = tryCommit(dir, "an ayo without node", { bin: binWith("#!/no/such/node\n") });
    expect([old.ok, old.stderr]).toEqual([true, expect.stringContaining("this commit message was not checked")]);
    writeFileSync(path.join(store.tickets, "config.yml"), "board: [\n");
    expect(tryCommit(dir, `TICKET: ${id}x`).stderr).toContain("note: the commit message was not checked");
    rmSync(store.tickets, { recursive: true });
    const without = tryCommit(dir, "no store");
    expect(without.ok).toBe(true);
    expect(without.stderr).toContain("note: the commit message was not checked: no ticket store");
  });

  test("a ticket whose file cannot be read just now is no unknown one", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install");
    store.write(id, "---\nid: [\n---\n");
    expect(tryCommit(dir, `TICKET: ${id}`)).toEqual({ ok: true, stderr: "" });
  });

  test("works in linked worktrees, installed from one too", async () => {
    const { store, dir, id } = await project();
    const linked = path.join(tempDir(), "linked");
    git(dir, "worktree", "add", "--quiet", linked);
    const before = snapshot(dir);
    const other = storeIn(linked);
    await other.ayo("hooks", "install");
    expect(tryCommit(linked, `TICKET: ${id}x`).ok).toBe(false);
    expect(tryCommit(dir, `TICKET: ${id}x`).ok).toBe(false);
    await store.ayo("hooks", "uninstall");
    expect(snapshot(dir)).toEqual(before);
  });

  test("an ayo of node_modules is found", async () => {
    const { store, dir, id } = await project();
    await store.ayo("hooks", "install");
    mkdirSync(path.join(dir, "node_modules/.bin"), { recursive: true });
    copyFileSync(path.join(binWith(AYO), "ayo"), path.join(dir, "node_modules/.bin/ayo"));
    expect(tryCommit(dir, `TICKET: ${id}x`, { bin: "" }).ok).toBe(false);
  });
});

describe("hooks install and uninstall", () => {
  test("leave everything as it was: without a hook before, without a folder, with one of another's", async () => {
    const { store, dir } = await project();
    const hook = path.join(dir, ".git/hooks/commit-msg");
    const states: (() => void)[] = [
      () => {},
      () => rmSync(path.join(dir, ".git/hooks"), { recursive: true }),
      () => mkdirSync(path.join(dir, ".git/hooks")),
      () => writeHook(hook),
      () => chmodSync(hook, 0o600),
      () => {
        renameSync(hook, path.join(dir, ".git/theirs"));
        symlinkSync("../theirs", hook);
      },
      () => git(dir, "config", "core.hooksPath", "tools/git/hooks"),
      () => writeHook(path.join(dir, "tools/git/hooks/commit-msg")),
      () => git(dir, "config", "core.hooksPath", path.join(tempDir(), "abs")),
    ];
    for (const [at, prepare] of states.entries()) {
      prepare();
      const before = snapshot(dir);
      await store.ayo("hooks", "install");
      expect(snapshot(dir), `state ${at}`).not.toEqual(at === states.length - 1 ? {} : before);
      await store.ayo("hooks", "install", "--require");
      await store.ayo("hooks", "uninstall");
      expect(snapshot(dir), `state ${at}`).toEqual(before);
      expect(await store.ayo("hooks", "uninstall")).toBe("nothing to do: no hook of ayo's is installed");
    }
  });

  test("another's hook runs first, with the same arguments, and may refuse or change the message", async () => {
    const { store, dir, id } = await project();
    const hook = path.join(dir, ".git/hooks/commit-msg");
    writeHook(hook, `grep -q refused "$1" && exit 3\necho "TICKET: ${id}x" >> "$1"\n`);
    expect(await store.ayo("hooks", "install")).toBe(
      `Installed ${hook}\nthe hook that was there runs first: ${hook}.before-ayo`,
    );
    const changed = tryCommit(dir, "one");
    expect(changed.ok).toBe(false);
    expect(changed.stderr).toContain(`did you mean ${id}?`);
    expect(tryCommit(dir, "refused").stderr).toBe("");
    expect(readFileSync(path.join(dir, "log"), "utf8")).toBe(
      "theirs .git/COMMIT_EDITMSG: one\ntheirs .git/COMMIT_EDITMSG: refused\n",
    );
    await store.ayo("hooks", "uninstall");
    expect(tryCommit(dir, "one").ok).toBe(true);
  });

  test("one without a run bit is kept and, as before, not run", async () => {
    const { store, dir, id } = await project();
    const hook = path.join(dir, ".git/hooks/commit-msg");
    writeHook(hook);
    chmodSync(hook, 0o644);
    await store.ayo("hooks", "install");
    expect(tryCommit(dir, `TICKET: ${id}`).ok).toBe(true);
    expect(existsSync(path.join(dir, "log"))).toBe(false);
  });

  test("husky 9: in .husky, where it outlives husky's own install; the hook there runs first", async () => {
    const { store, dir, id } = await project();
    const husky = path.join(dir, ".husky");
    const installHusky = (): void => {
      mkdirSync(path.join(husky, "_"), { recursive: true });
      git(dir, "config", "core.hooksPath", ".husky/_");
      // What husky 9.1 writes, less its notes on old versions.
      writeFileSync(path.join(husky, "_/.gitignore"), "*");
      writeFileSync(
        path.join(husky, "_/h"),
        '#!/usr/bin/env sh\nn=$(basename "$0")\ns=$(dirname "$(dirname "$0")")/$n\n[ ! -f "$s" ] && exit 0\n[ "$HUSKY" = "0" ] && exit 0\nexport PATH="node_modules/.bin:$PATH"\nsh -e "$s" "$@"\nexit $?\n',
      );
      writeFileSync(path.join(husky, "_/commit-msg"), '#!/usr/bin/env sh\n. "$(dirname "$0")/h"', { mode: 0o755 });
    };
    installHusky();
    const bare = snapshot(dir);
    const installed = await store.run(["hooks", "install"]);
    expect(installed.stderr).toContain("commit it");
    installHusky();
    expect(tryCommit(dir, `TICKET: ${id}x`).ok).toBe(false);
    expect(tryCommit(dir, `TICKET: ${id}`)).toEqual({ ok: true, stderr: "" });
    expect(tryCommit(dir, `TICKET: ${id}x`, { env: { HUSKY: "0" } }).ok).toBe(true);
    expect(tryCommit(dir, "no ayo", { bin: "" }).ok).toBe(true);
    await store.ayo("hooks", "uninstall");
    expect(snapshot(dir)).toMatchObject(
      Object.fromEntries(Object.entries(bare).filter(([file]) => !file.includes("/.git/"))),
    );
    writeFileSync(path.join(husky, "commit-msg"), 'echo "theirs $*" >> log\n', { mode: 0o644 });
    const before = snapshot(dir);
    await store.ayo("hooks", "install");
    expect(tryCommit(dir, `TICKET: ${id}x`).ok).toBe(false);
    expect(readFileSync(path.join(dir, "log"), "utf8")).toBe("theirs .git/COMMIT_EDITMSG\n");
    rmSync(path.join(dir, "log"));
    await store.ayo("hooks", "uninstall");
    expect(snapshot(dir)).toEqual(before);
  });

  test("an edited hook of ours is not taken away, one replaced by another's is left alone", async () => {
    const { store, dir } = await project();
    const hook = path.join(dir, ".git/hooks/commit-msg");
    await store.ayo("hooks", "install");
    appendFileSync(hook, "echo mine\n");
    for (const verb of ["install", "uninstall"]) {
      const refused = await store.run(["hooks", verb]);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("was edited since")]);
    }
    expect(readFileSync(hook, "utf8")).toMatch(/echo mine\n$/);
    writeHook(hook);
    expect(await store.ayo("hooks", "uninstall")).toBe("nothing to do: no hook of ayo's is installed");
    await store.ayo("hooks", "install");
    writeHook(hook);
    const twice = await store.run(["hooks", "install"]);
    expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining("one of them has to go")]);
  });

  test("a folder of hooks for all repositories, a hooksPath that is none, no repository: refused in words", async () => {
    const { store, dir } = await project();
    const home = tempDir();
    const env = { HOME: home, GIT_CONFIG_GLOBAL: path.join(home, ".gitconfig") };
    hermeticEnv(home);
    appendFileSync(path.join(home, ".gitconfig"), "[core]\n\thooksPath = ~/.githooks\n");
    const shared = await store.run(["hooks", "install"], { env });
    expect([shared.code, shared.stderr]).toEqual([1, expect.stringContaining("for all your repositories")]);
    git(dir, "config", "core.hooksPath", "/dev/null");
    const none = await store.run(["hooks", "install"]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("no hook runs here")]);
    const alone = await tempStore();
    const outside = await alone.run(["hooks", "install"]);
    expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining("in no git repository")]);
  });

  test("the store that was named at the install is the one that is asked", async () => {
    const { store, dir } = await project();
    const other = await tempStore({ at: path.join(tempDir(), "it's here") });
    const id = await other.ayo("ticket", "create", "Elsewhere");
    await store.ayo("hooks", "install", "--dir", other.tickets);
    expect(tryCommit(dir, `TICKET: ${id}`)).toEqual({ ok: true, stderr: "" });
    expect(tryCommit(dir, `TICKET: ${id}x`).ok).toBe(false);
  });
});

describe("hooks check-message", () => {
  test("answers with the reason and exit 1, from a word or from stdin", async () => {
    const { store, id } = await project();
    const check = (text: string) => store.run(["hooks", "check-message", text]);
    expect(await check(`Phase 2: Build login - TICKET: ${id}. With tests`)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect(await check(`Phase 2: Build login - TICKET: ${id}x`)).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: TICKET: ${id}x names no ticket; did you mean ${id}?\n`,
    });
    expect((await check("Build login")).stderr).toContain("it does not begin with 'Phase X:'; expected 'Phase X: Desc");
    const piped = await store.run(["hooks", "check-message", "-"], { input: `Phase 1: x - TICKET: ${id}\n` });
    expect(piped.code).toBe(0);
    const json = await store.run(["hooks", "check-message", "Phase 1: x - TICKET: no-1", "--json"]);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, { valid: false, unknown: [{ id: "no-1" }] }]);
  });

  test("deleted tickets are named as such, closed ones are fine", async () => {
    const { store, id } = await project();
    const gone = await store.ayo("ticket", "create", "Gone");
    await store.ayo("ticket", "delete", gone, "--yes");
    await store.ayo("ticket", "close", id);
    expect((await store.run(["hooks", "check-message", `Phase 1: x - TICKET: ${id}`])).code).toBe(0);
    const refused = await store.run(["hooks", "check-message", `Phase 1: x - TICKET: ${gone}`]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/names no ticket(?:, it was deleted|; did)/),
    ]);
  });

  test("bad use: exit 2", async () => {
    const { store } = await project();
    for (const args of [["x", "--require"], ["--commit", "no/such/file"], ["x", "--commit", "README.md"], [""]]) {
      const { code } = await store.run(["hooks", "check-message", ...args]);
      expect([args, code]).toEqual([args, args[0] === "" ? 1 : 2]);
    }
  });
});
