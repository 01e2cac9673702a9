import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { scanCommits } from "../../../src/store/codeCommits/commitScan.ts";
import { followCommits } from "../../../src/store/codeCommits/followCommits.ts";
import { linkedCommits, recordedCommits } from "../../../src/store/codeCommits/linkedCommits.ts";
import { findTicket } from "../../../src/store/disk/findTicket.ts";
import { readStore } from "../../../src/store/disk/view.ts";
import type { Store } from "../../../src/store/open/store.ts";
import { git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../../helpers/tempStore.ts";

function commit(dir: string, message: string, ...more: string[]): string {
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message, ...more);
  return git(dir, "rev-parse", "HEAD");
}

async function links(store: Store, id: string): Promise<string[]> {
  const view = await readStore(store);
  return (await linkedCommits(store, view, await findTicket(store, view, id, true))).map(({ oid }) => oid);
}

async function recorded(store: Store, id: string): Promise<readonly string[] | undefined> {
  const view = await readStore(store);
  return recordedCommits(store, view, await findTicket(store, view, id, true));
}

/** A store in a project with one ticket. */
async function project(): Promise<{ store: TempStore; dir: string; id: string; open: Store }> {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  return { store, dir: store.dir, id, open: store.open() };
}

const cacheOf = (store: TempStore): string => path.join(store.tickets, ".git/ayo/commits.table");

describe("linkedCommits", () => {
  test("on any branch and in any worktree, the oldest first; the project's index and refs stay as they are", async () => {
    const { dir, id, open } = await project();
    expect(await links(open, id)).toEqual([]);
    const first = commit(dir, `Phase 2: Build - TICKET: ${id}. More`);
    commit(dir, "something else");
    git(dir, "checkout", "--quiet", "-b", "side", first);
    const second = commit(dir, `side\n\nbody ticket: ${id.toUpperCase()}`);
    const linked = path.join(tempDir(), "linked");
    git(dir, "worktree", "add", "--quiet", "--detach", linked);
    const third = commit(linked, `detached TICKET: ${id}, ${id}`);
    git(dir, "pack-refs", "--all");
    const before = git(dir, "for-each-ref");
    expect(await links(open, id)).toEqual([first, second, third]);
    expect(git(dir, "for-each-ref")).toBe(before);
    expect(git(dir, "status", "--porcelain")).toBe("");
  });

  test("an amended commit replaces the one before; a rebase all of them; a branch that goes takes its commits", async () => {
    const { dir, id, open } = await project();
    commit(dir, `one TICKET: ${id}`);
    commit(dir, `two TICKET: ${id}`);
    expect(await links(open, id)).toHaveLength(2);
    const amended = commit(dir, `two, better TICKET: ${id}`, "--amend");
    expect(await links(open, id)).toEqual([git(dir, "rev-parse", "HEAD~1"), amended]);
    git(dir, "checkout", "--quiet", "-b", "other", "HEAD~2");
    writeFileSync(path.join(dir, "new"), "");
    git(dir, "add", "new");
    commit(dir, "base");
    git(dir, "checkout", "--quiet", "main");
    git(dir, "rebase", "--quiet", "other");
    expect(await links(open, id)).toEqual([git(dir, "rev-parse", "HEAD~1"), git(dir, "rev-parse", "HEAD")]);
    git(dir, "checkout", "--quiet", "other");
    git(dir, "branch", "-D", "main");
    expect(await links(open, id)).toEqual([]);
  });

  test("a message that loses its tag loses its link", async () => {
    const { dir, id, open } = await project();
    commit(dir, `one TICKET: ${id}`);
    expect(await links(open, id)).toHaveLength(1);
    commit(dir, "one", "--amend");
    expect(await links(open, id)).toEqual([]);
  });

  test("the same with a cache, without one, with one that is damaged, and in a process without git", async () => {
    const { store, dir, id, open } = await project();
    for (let i = 0; i < 30; i++) commit(dir, i % 2 === 0 ? `${i} TICKET: ${id}` : `${i}`);
    git(dir, "gc", "--quiet");
    const found = await links(open, id);
    expect(found).toHaveLength(15);
    const cache = cacheOf(store);
    const whole = readFileSync(cache);
    const variants = [
      whole.subarray(0, whole.length / 2),
      Buffer.alloc(0),
      Buffer.from("{}\n"),
      Buffer.concat([whole.subarray(0, whole.indexOf(10) + 1), Buffer.alloc(whole.length)]),
    ];
    for (const bytes of variants) {
      writeFileSync(cache, bytes);
      expect(await links(store.open(), id)).toEqual(found);
    }
    rmSync(cache);
    expect(await links(store.open({ env: { PATH: "" } }), id)).toEqual(found);
    expect(readFileSync(cache).equals(whole)).toBe(true);
  });

  test("nothing new: the cache is read and not written", async () => {
    const { store, dir, id, open } = await project();
    commit(dir, `TICKET: ${id}`);
    await links(open, id);
    const { ino, mtimeMs } = statSync(cacheOf(store));
    await links(open, id);
    expect(statSync(cacheOf(store))).toMatchObject({ ino, mtimeMs });
  });

  test("doctor finds a cache that lies, and does away with it", async () => {
    const { store, dir, id, open } = await project();
    commit(dir, `Work TICKET: ${id}`);
    expect(await links(open, id)).toHaveLength(1);
    expect(await store.ayo("doctor", "--fix")).not.toContain("cache");
    const cache = cacheOf(store);
    writeFileSync(cache, readFileSync(cache, "latin1").replace("Work", "Wark"), "latin1");
    const { stdout } = await store.run(["doctor", "--fix", "--json"]);
    expect(JSON.parse(stdout).fixed).toMatchObject([{ code: "cache_drift" }]);
    expect(readFileSync(cache, "latin1")).toMatch(/"Work TICKET/);
  });

  test("1,000 tags in a message", async () => {
    const { dir, id, open } = await project();
    const tags = Array.from({ length: 1000 }, (_, n) => `TICKET: no-${n}`);
    const oid = commit(dir, `many\n\n${[...tags, `TICKET: ${id}`].join("\n")}`);
    expect(await links(open, id)).toEqual([oid]);
    expect(scanCommits(open)?.commits.all()[0]?.tags).toHaveLength(1001);
  });

  test("a longer id that begins with the tag's is another ticket", async () => {
    const { store, dir, open } = await project();
    await store.ayo("import", jsonLines(["v1", "v1.2"]));
    const oid = commit(dir, "TICKET: v1.2");
    const other = commit(dir, "TICKET: v1.3");
    expect(await links(open, "v1.2")).toEqual([oid]);
    expect(await links(open, "v1")).toEqual([other]);
  });

  test("an empty repository, a detached HEAD, a store without a project: none, and no error", async () => {
    const empty = tempDir();
    git(empty, "init", "--quiet");
    const store = await tempStore({ at: empty });
    const id = await store.ayo("ticket", "create", "One");
    expect(await links(store.open(), id)).toEqual([]);
    const alone = await tempStore();
    const other = await alone.ayo("ticket", "create", "Two");
    expect(await links(alone.open(), other)).toEqual([]);
    expect(scanCommits(alone.open())).toBeUndefined();
    const { dir, id: third, open } = await project();
    git(dir, "checkout", "--quiet", "--detach");
    const oid = commit(dir, `TICKET: ${third}`);
    expect(await links(open, third)).toEqual([oid]);
  });

  test("a shallow clone has the commits that it has, and the others once it is deepened", async () => {
    const origin = tempDir();
    git(origin, "init", "--quiet");
    for (let i = 0; i < 4; i++) commit(origin, `${i} TICKET: shallow-1`);
    const clone = path.join(tempDir(), "clone");
    git(origin, "clone", "--quiet", "--depth=2", `file://${origin}`, clone);
    const store = await tempStore({ at: clone });
    await store.ayo("import", jsonLines(["shallow-1"]));
    expect(await links(store.open(), "shallow-1")).toHaveLength(2);
    git(clone, "fetch", "--quiet", "--unshallow");
    expect(await links(store.open(), "shallow-1")).toHaveLength(4);
  });

  test("a commit whose object is lost is passed over, and found when it is back", async () => {
    const { dir, id, open } = await project();
    const oid = commit(dir, `TICKET: ${id}`);
    const file = path.join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2));
    const bytes = readFileSync(file);
    rmSync(file, { force: true });
    expect(await links(open, id)).toEqual([]);
    writeFileSync(file, bytes);
    expect(await links(open, id)).toEqual([oid]);
  });

  test("the commits of an inline store are no work on its tickets, nor is the branch of another store", async () => {
    const store = await tempStore({ inline: true });
    const id = await store.ayo("ticket", "create", "One");
    await store.ayo("ticket", "note", id, "TICKET: nothing-1");
    store.write(id, store.text(id).replace("One", `Two TICKET: ${id}`));
    await store.ayo("ticket", "start", id);
    const oid = commit(store.dir, `TICKET: ${id}`);
    git(
      store.dir,
      "update-ref",
      "refs/remotes/origin/ayo/tickets",
      git(store.dir, "commit-tree", "HEAD^{tree}", "-m", `TICKET: ${id}`),
    );
    expect(await links(store.open(), id)).toEqual([oid]);
  });

  test("a store beside a bare repository is served from each of its worktrees", async () => {
    const root = tempDir();
    git(root, "init", "--quiet", "--bare", "repo.git");
    const bare = path.join(root, "repo.git");
    const tree = git(bare, "hash-object", "-t", "tree", "-w", "/dev/null");
    git(bare, "update-ref", "refs/heads/main", git(bare, "commit-tree", tree, "-m", "start"));
    git(bare, "worktree", "add", "--quiet", path.join(root, "main"), "main");
    const store = await tempStore({ at: root });
    await store.ayo("import", jsonLines(["b-1"]));
    const oid = commit(path.join(root, "main"), "TICKET: b-1");
    expect(await links(store.open({ cwd: path.join(root, "main") }), "b-1")).toEqual([oid]);
  });
});

describe("recordedCommits", () => {
  test("nothing to write: undefined", async () => {
    const { dir, id, open, store } = await project();
    expect(await recorded(open, id)).toBeUndefined();
    const oid = commit(dir, `TICKET: ${id}`);
    expect(await recorded(open, id)).toEqual([oid]);
    await store.ayo("ticket", "close", id);
    expect(await recorded(store.open(), id)).toBeUndefined();
    expect(store.text(id)).toContain(`\ncommits: [${oid}]\n`);
  });

  test("what other machines recorded stays, what was rewritten is replaced, each by one", async () => {
    const { dir, id, store } = await project();
    const foreign = "f".repeat(40);
    const date = ["--date=2026-01-01T00:00:00Z"];
    const [a, b] = [commit(dir, `a TICKET: ${id}`, ...date), commit(dir, `b TICKET: ${id}`, ...date)];
    await store.ayo("ticket", "update", id, "--set", `commits=${foreign},${a},${b}`);
    expect(await links(store.open(), id)).toEqual([foreign, a, b]);
    const amended = commit(dir, `b, better TICKET: ${id}`, "--amend");
    expect(await links(store.open(), id)).toEqual([foreign, a, amended]);
    git(dir, "reset", "--quiet", "--hard", "HEAD~2");
    const view = await readStore(store.open());
    const left = await linkedCommits(store.open(), view, await findTicket(store.open(), view, id, true));
    expect(left.map(({ oid, found }) => [oid, found])).toEqual([
      [foreign, "elsewhere"],
      [a, "recorded"],
      [b, "recorded"],
    ]);
  });

  test("close and submit write it with their change; start does not", async () => {
    const { dir, id, store } = await project();
    const first = commit(dir, `TICKET: ${id}`);
    await store.ayo("ticket", "start", id);
    expect(store.text(id)).not.toContain("commits:");
    await store.ayo("ticket", "status", id, "in_review");
    expect(store.text(id)).toContain(`commits: [${first}]`);
    const second = commit(dir, `again TICKET: ${id}`);
    const before = store.subjects().length;
    await store.ayo("ticket", "close", id);
    expect(store.text(id)).toContain(`commits: [${first}, ${second}]`);
    expect(store.subjects()).toHaveLength(before + 1);
    store.judge();
  });
});

describe("followCommits", () => {
  test("tells each link once, also where another process scanned first", async () => {
    const { store, dir, id, open } = await project();
    commit(dir, `before TICKET: ${id}`);
    const follower = await followCommits(open);
    const news = async () => (await follower.next()).added.map(({ ticket, commit: { oid } }) => [ticket, oid]);
    expect(await news()).toEqual([]);
    const first = commit(dir, `one TICKET: ${id}`);
    await store.ayo("ticket", "commits");
    expect(await news()).toEqual([[id, first]]);
    expect(await news()).toEqual([]);
    const second = commit(dir, `one, better TICKET: ${id}`, "--amend");
    expect((await follower.next()).added).toMatchObject([{ ticket: id, commit: { oid: second }, replaces: first }]);
    git(dir, "gc", "--quiet");
    expect(await news()).toEqual([]);
  });

  test("a tag without a ticket is unknown, and a link once there is the ticket", async () => {
    const { store, dir, open } = await project();
    const follower = await followCommits(open);
    const oid = commit(dir, "TICKET: later-1");
    expect(await follower.next()).toEqual({ added: [], unknown: [{ id: "later-1", oid }] });
    expect(await follower.next()).toEqual({ added: [], unknown: [] });
    await store.ayo("import", jsonLines(["later-1"]));
    await readStore(open);
    expect((await follower.next()).added).toMatchObject([{ ticket: "later-1", commit: { oid } }]);
  });

  test("without a project there is nothing, until there is one", async () => {
    const store = await tempStore();
    const id = await store.ayo("ticket", "create", "One");
    const follower = await followCommits(store.open());
    expect(follower.folders()).toEqual([]);
    expect(await follower.next()).toEqual({ added: [], unknown: [] });
    git(store.dir, "init", "--quiet");
    const oid = commit(store.dir, `TICKET: ${id}`);
    expect((await follower.next()).added).toMatchObject([{ ticket: id, commit: { oid } }]);
    expect(follower.folders().every((folder) => existsSync(folder) || /worktrees|remotes/.test(folder))).toBe(true);
  });
});

function jsonLines(ids: readonly string[]): string {
  const file = path.join(tempDir(), "tickets.jsonl");
  writeFileSync(file, ids.map((id) => `${JSON.stringify({ id, title: `Ticket ${id}` })}\n`).join(""));
  return file;
}
