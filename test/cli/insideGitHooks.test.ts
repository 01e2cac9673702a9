import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTicket } from "../../src/index.ts";
import { ancestors, processTable } from "../../src/processes.ts";
import { gitCommand, outerGit } from "../../src/store/open/outerGit.ts";
import type { Journal } from "../../src/store/open/store.ts";
import { git } from "../helpers/git.ts";
import { CLI } from "../helpers/runCli.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** A store with a ticket, in a project with a remote and with a branch `side` that has gone its own way. */
async function project(inline: boolean): Promise<TempStore & { readonly id: string }> {
  const store = await tempStore({ inline, project: true });
  const { dir } = store;
  const { ticket } = await createTicket(store.open(), { title: "Build login" });
  git(dir, "checkout", "--quiet", "-b", "side");
  writeFileSync(path.join(dir, "side.ts"), "side\n");
  git(dir, "add", "side.ts");
  git(dir, "commit", "--quiet", "-m", "on side");
  git(dir, "checkout", "--quiet", "main");
  writeFileSync(path.join(dir, "work.ts"), "one\n");
  git(dir, "add", "work.ts");
  git(dir, "commit", "--quiet", "-m", "on main");
  git(dir, "init", "--quiet", "--bare", path.join(dir, ".git", "remote.git"));
  git(dir, "remote", "add", "origin", path.join(dir, ".git", "remote.git"));
  return { ...store, id: ticket.id };
}

/** Has git run a note by a hook; what ayo said is in `ayo.out`, with its exit status. */
function install({ dir, id }: { readonly dir: string; readonly id: string }, hook: string, before = ""): void {
  const file = path.join(dir, ".git", "hooks", hook);
  const out = path.join(dir, ".git", "ayo.out");
  mkdirSync(path.dirname(file), { recursive: true });
  const note = `'${process.execPath}' '${CLI}' ticket note ${id} 'by ${hook}'`;
  writeFileSync(
    file,
    `#!/bin/sh\ncat > /dev/null <&0\n${before}\n${note} > '${out}' 2>&1\necho "exit $?" >> '${out}'\n`,
  );
  chmodSync(file, 0o755);
}

const said = ({ dir }: TempStore): string => git(dir, "cat-file", "-p", git(dir, "hash-object", "-w", ".git/ayo.out"));

const stage = (dir: string): void => {
  writeFileSync(path.join(dir, "work.ts"), "two\n");
  git(dir, "add", "work.ts");
};

type Run = readonly [hook: string, how: string, run: (dir: string) => void];

/** Each a hook, and what has git run it while it has something in hand. */
const RUNS: readonly Run[] = [
  ["pre-commit", "commit", (dir) => git(dir, "commit", "--quiet", "-m", "mine")],
  ["pre-commit", "commit --all", (dir) => git(dir, "commit", "--quiet", "--all", "-m", "mine")],
  ["pre-commit", "commit of a path", (dir) => git(dir, "commit", "--quiet", "-m", "mine", "work.ts")],
  ["commit-msg", "commit", (dir) => git(dir, "commit", "--quiet", "-m", "mine")],
  ["post-commit", "commit", (dir) => git(dir, "commit", "--quiet", "-m", "mine")],
  ["pre-merge-commit", "merge", (dir) => git(dir, "merge", "--quiet", "-m", "mine", "side")],
  ["prepare-commit-msg", "cherry-pick", (dir) => git(dir, "cherry-pick", "side")],
  ["pre-push", "push", (dir) => git(dir, "push", "--quiet", "origin", "main")],
  ["post-checkout", "checkout", (dir) => git(dir, "checkout", "--quiet", "-b", "new")],
];
const MORE: readonly Run[] = [
  ["pre-commit", "commit --amend", (dir) => git(dir, "commit", "--quiet", "--amend", "-m", "mine")],
  ["pre-commit", "an alias of commit", (dir) => git(dir, "-c", "alias.ci=commit --quiet", "ci", "-m", "mine")],
  ["prepare-commit-msg", "commit", (dir) => git(dir, "commit", "--quiet", "-m", "mine")],
  ["post-rewrite", "commit --amend", (dir) => git(dir, "commit", "--quiet", "--amend", "-m", "mine")],
  ["post-merge", "merge", (dir) => git(dir, "merge", "--quiet", "-m", "mine", "side")],
];

describe("a write inside a git hook of the project that holds the tickets", () => {
  test.each(process.env.AYO_LONG === "1" ? [...RUNS, ...MORE] : RUNS)(
    "%s (%s): git succeeds, the change waits and is committed by the next command",
    async (hook, how, run) => {
      const store = await project(true);
      const { dir, id } = store;
      if (how.startsWith("commit") || how.startsWith("an alias")) stage(dir);
      install(store, hook);
      run(dir);
      const command = /^(?:an alias of )?(\S+)/.exec(how)?.[1];
      expect(said(store)).toMatch(
        new RegExp(`^commit deferred: '?(?:a )?(?:git )?${command}'? is (?:running|in progress);`),
      );
      expect(said(store)).toContain("exit 0");
      expect(git(dir, "log", "--format=", "--name-only", "-1", "--", ".")).not.toContain(".tickets");
      expect(git(dir, "status", "--porcelain")).toBe(` M .tickets/${id}.md`);
      expect(store.text(id)).toContain(`by ${hook}`);
      const head = git(dir, "rev-parse", "HEAD");
      await store.ayo("ticket", "note", id, "after");
      expect(store.subjects().slice(0, 2)).toEqual([`note ${id}: after`, `note ${id}: by ${hook}`]);
      expect(git(dir, "rev-parse", "HEAD~2")).toBe(head);
      store.judge();
    },
  );

  test("reference-transaction, which runs several times while git holds its locks", async () => {
    const store = await project(true);
    stage(store.dir);
    install(store, "reference-transaction");
    git(store.dir, "commit", "--quiet", "-m", "mine");
    expect(said(store)).toMatch(/^commit deferred: earlier changes wait for git/);
    await store.ayo("ticket", "note", store.id, "after");
    const by = `note ${store.id}: by reference-transaction`;
    expect(store.subjects().slice(0, 4)).toEqual([`note ${store.id}: after`, by, by, "mine"]);
    store.judge();
  });

  test("pre-rebase: refused, since a rebase fails when a file changes; git succeeds", async () => {
    const store = await project(true);
    install(store, "pre-rebase");
    git(store.dir, "rebase", "--quiet", "side");
    expect(said(store)).toMatch(/^error: nothing was changed: 'git rebase' is about to begin/);
    expect(said(store)).toContain("exit 3");
    expect(store.subjects().slice(0, 2)).toEqual(["on main", "on side"]);
    expect(store.text(store.id)).not.toContain("by pre-rebase");
    store.judge();
  });

  test("a claim, which must not be in doubt, is refused with the reason", async () => {
    const store = await project(true);
    stage(store.dir);
    const claim = `'${process.execPath}' '${CLI}' ticket claim ${store.id} --as @coder 2> .git/claim.out || true`;
    install(store, "pre-commit", claim);
    git(store.dir, "commit", "--quiet", "-m", "mine");
    expect(git(store.dir, "cat-file", "-p", git(store.dir, "hash-object", "-w", ".git/claim.out"))).toContain(
      "error: nothing was changed: 'git commit' is running",
    );
    expect(store.text(store.id)).not.toContain("claimed-by");
  });

  test("edits by hand stay as they are, and are not swept into the person's commit", async () => {
    const store = await project(true);
    stage(store.dir);
    const { ticket: other } = await createTicket(store.open(), { title: "Write docs" });
    store.write(other.id, store.text(other.id).replace("priority: 2", "priority: 0"));
    install(store, "pre-commit");
    git(store.dir, "commit", "--quiet", "-m", "mine");
    expect(git(store.dir, "show", "--format=%s", "--name-only", "HEAD")).toBe("mine\n\nwork.ts");
    await store.ayo("ticket", "note", store.id, "after");
    expect(store.subjects().slice(0, 4).sort()).toEqual(
      [
        `note ${store.id}: after`,
        `edit ${other.id} by hand: priority 2 → 0`,
        `note ${store.id}: by pre-commit`,
        "mine",
      ].sort(),
    );
    store.judge();
  });

  test("in a linked worktree", async () => {
    const store = await project(true);
    const tree = path.join(tempDir(), "wt");
    git(store.dir, "worktree", "add", "--quiet", tree, "-b", "linked");
    install(store, "pre-commit");
    stage(tree);
    git(tree, "commit", "--quiet", "-m", "mine");
    expect(said(store)).toContain("commit deferred: 'git commit' is running");
    expect(git(tree, "log", "-1", "--format=%s")).toBe("mine");
    expect(git(tree, "status", "--porcelain")).toBe(` M .tickets/${store.id}.md`);
  });

  test("an alias and a shell that git started for a person are no hooks: committed at once", async () => {
    const store = await project(true);
    const note = (text: string): string => `!'${process.execPath}' '${CLI}' ticket note ${store.id} '${text}'`;
    git(store.dir, "-c", `alias.jot=${note("by alias")}`, "jot");
    git(store.dir, "submodule", "foreach", "true");
    expect(store.subjects()[0]).toBe(`note ${store.id}: by alias`);
    store.judge();
  });
});

test.each(["pre-commit", "pre-rebase", "post-checkout", "pre-push"])(
  "a store of its own inside the project's %s works as anywhere, and the project is left alone",
  async (hook) => {
    const store = await project(false);
    const { dir, id } = store;
    stage(dir);
    install(store, hook);
    if (hook === "pre-commit") git(dir, "commit", "--quiet", "-m", "mine");
    else git(dir, "commit", "--quiet", "--no-verify", "-m", "mine");
    if (hook === "pre-rebase") git(dir, "rebase", "--quiet", "side");
    if (hook === "post-checkout") git(dir, "checkout", "--quiet", "side");
    if (hook === "pre-push") git(dir, "push", "--quiet", "origin", "main");
    expect(said(store)).toBe(`Note added to ${id}\nexit 0`);
    expect(store.subjects()[0]).toBe(`note ${id}: by ${hook}`);
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(git(dir, "log", "main", "--format=%s").split("\n")[0]).toBe("mine");
    store.judge();
  },
);

test("the command of a git process is found behind git's own options", () => {
  const cases: readonly (readonly [words: string, command: string | undefined])[] = [
    ["git commit -m x", "commit"],
    ["/usr/bin/git -C /there -c a.b=c --git-dir /x --no-pager rebase main", "rebase"],
    ["/usr/lib/git-core/git-merge side", "merge"],
    ["/bin/sh /usr/lib/git-core/git-filter-branch", "filter-branch"],
    ["git", ""],
    ["/bin/sh .git/hooks/pre-commit", undefined],
    ["node /x/ayo.cjs ticket list", undefined],
  ];
  for (const [words, command] of cases) expect([words, gitCommand(words.split(" "))]).toEqual([words, command]);
});

test("where the system does not tell a process's directory, that of the command stands for it", async () => {
  const inline = await tempStore({ inline: true });
  const own = await tempStore({ project: true });
  const above = () => [{ argv: ["git", "commit"], cwd: undefined }];
  const around = (store: TempStore, env: Record<string, string>): string | undefined =>
    outerGit({ env, cwd: store.dir }, store.open().journal as Journal, above);
  const env = { GIT_EXEC_PATH: "/usr/lib/git-core", GIT_INDEX_FILE: ".git/index" };
  expect([around(inline, env), around(own, env)]).toEqual(["git commit", undefined]);
  expect(around(inline, { ...env, GIT_DIR: path.join(inline.dir, ".git") })).toBe("git commit");
  expect(around(inline, {})).toBeUndefined();
});

test("the processes above this one, by /proc and by ps", () => {
  const [parent] = ancestors();
  expect(parent?.argv.join(" ")).toContain("node");
  const table = processTable().get(process.ppid);
  expect(table?.argv.join(" ")).toBe(parent?.argv.join(" "));
});
