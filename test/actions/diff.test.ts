import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { TicketDiff } from "../../src/actions/diff.ts";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

async function project(): Promise<{ store: TempStore; dir: string; id: string }> {
  const store = await tempStore({ project: true });
  const id = await store.ayo("ticket", "create", "Build login");
  return { store, dir: store.dir, id };
}

function commit(dir: string, files: Readonly<Record<string, string | Buffer>>, message: string): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
    git(dir, "add", name);
  }
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(dir, "rev-parse", "HEAD");
}

const diffOf = (store: TempStore, id: string): Promise<TicketDiff> => store.json<TicketDiff>("ticket", "diff", id);

test("of a branch all since it left the base, though main has gone on", async () => {
  const { store, dir, id } = await project();
  const base = commit(dir, { "a.txt": "one\ntwo\n", "old name.txt": "same\nsame\nsame\n" }, "Begin");
  git(dir, "branch", "-M", "main");
  git(dir, "switch", "-q", "-c", `ayo/work/${id}`);
  git(dir, "mv", "old name.txt", "new name.txt");
  commit(dir, { "a.txt": "one\n2\nthree\n" }, "Work");
  const head = commit(dir, { "b.bin": Buffer.from([0, 1, 2, 0]) }, `More - TICKET: ${id}`);
  git(dir, "switch", "-q", "main");
  commit(dir, { "other.txt": "of somebody else\n" }, "Beside it");
  const found = await diffOf(store, id);
  expect(found).toMatchObject({ id, branch: `ayo/work/${id}`, base: "main", from: base, to: head, commits: [head] });
  expect(found.files).toEqual([
    { path: "a.txt", added: 2, removed: 1 },
    { path: "b.bin", added: null, removed: null },
    { path: "new name.txt", from: "old name.txt", added: 0, removed: 0 },
  ]);
  expect(found.diff).toContain("-two\n+2\n+three\n");
  expect(found.diff).not.toContain("somebody else");
  expect(await store.ayo("ticket", "diff", id, "--stat")).toBe(
    [
      `ayo/work/${id} since main: 3 files, +2 -1`,
      "+2 -1        a.txt",
      "binary       b.bin",
      "+0 -0        old name.txt → new name.txt",
    ].join("\n"),
  );
  git(dir, "merge", "-q", "--no-edit", `ayo/work/${id}`);
  // It is merged: what names the ticket is what there is.
  expect(await diffOf(store, id)).toMatchObject({ branch: null, commits: [head], files: [{ path: "b.bin" }] });
});

test("without a branch the commits that name it; nothing, where there are none", async () => {
  const { store, dir, id } = await project();
  expect(await diffOf(store, id)).toMatchObject({ branch: null, commits: [], files: [], diff: "", truncated: false });
  const first = commit(dir, { "a.txt": "one\n" }, `One - TICKET: ${id}`);
  commit(dir, { "c.txt": "another\n" }, "Nothing of it");
  const second = commit(dir, { "a.txt": "one\ntwo\n--- three\n" }, `Two - TICKET: ${id}`);
  const found = await diffOf(store, id);
  expect(found).toMatchObject({ branch: null, base: null, commits: [first, second] });
  expect(found.files).toEqual([{ path: "a.txt", added: 3, removed: 0 }]);
  const { stdout } = await store.run(["ticket", "diff", id], { env: { FORCE_COLOR: "1", NO_COLOR: "" } });
  expect(stdout).toContain("\u001b[32m+two\u001b[39m");
});

test("what a project has set up for git runs nothing, and control characters show as such", async () => {
  const { store, dir, id } = await project();
  commit(dir, { ".gitattributes": "*.txt diff=evil\n", "a.txt": "one\n" }, "Begin");
  git(dir, "config", "diff.evil.command", "touch ran; false");
  git(dir, "config", "diff.evil.textconv", "touch ran; cat");
  git(dir, "config", "diff.external", "touch ran; false");
  git(dir, "switch", "-q", "-c", `ayo/work/${id}`);
  commit(dir, { "a.txt": "one\n\u001b]0;title\u0007two\n" }, "Work");
  git(dir, "switch", "-q", "-");
  const { stdout } = await store.run(["ticket", "diff", id]);
  expect(stdout).toContain("+\\x1b]0;title\\x07two");
  expect(git(dir, "status", "--porcelain", "--ignored")).not.toContain("ran");
});

test("a pull request of the branch has its page by the remote's address, without what it has of secrets", async () => {
  const { store, dir, id } = await project();
  commit(dir, { "a.txt": "one\n" }, "Begin");
  git(dir, "branch", "-M", "main");
  git(dir, "switch", "-q", "-c", `ayo/work/${id}`);
  commit(dir, { "a.txt": "two\n" }, "Work");
  git(dir, "switch", "-q", "main");
  expect((await diffOf(store, id)).pullRequestUrl).toBeNull();
  git(dir, "remote", "add", "origin", "https://mara:ghp_secret@github.com/mara/shorty.git");
  const url = `https://github.com/mara/shorty/compare/main...ayo/work/${id}?expand=1`;
  expect((await diffOf(store, id)).pullRequestUrl).toBe(url);
  expect((await store.ayo("ticket", "diff", id, "--stat")).split("\n")).toEqual([
    `ayo/work/${id} since main: 1 file, +1 -1`,
    `pull request: ${url}`,
    "+1 -1        a.txt",
  ]);
  // What only a remote has: of that one.
  git(dir, "remote", "add", "fork", "git@codeberg.org:other/shorty.git");
  git(dir, "update-ref", `refs/remotes/fork/ayo/work/${id}`, `ayo/work/${id}`);
  git(dir, "branch", "-q", "-D", `ayo/work/${id}`);
  expect(await diffOf(store, id)).toMatchObject({
    branch: `fork/ayo/work/${id}`,
    pullRequestUrl: `https://codeberg.org/other/shorty/compare/main...ayo/work/${id}`,
  });
});
