import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

function commit(dir: string, message: string): string {
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(dir, "rev-parse", "HEAD");
}

async function project(): Promise<{ store: TempStore; dir: string; id: string }> {
  const store = await tempStore({ project: true });
  return { store, dir: store.dir, id: await store.ayo("ticket", "create", "Build login") };
}

describe("ticket commits <id>", () => {
  test("the newest first, with author, date, subject and branches; show has the same", async () => {
    const { store, dir, id } = await project();
    const first = commit(dir, `Phase 2: One - TICKET: ${id}. More\n\nBody`);
    git(dir, "update-ref", "refs/remotes/origin/main", "HEAD");
    const second = commit(dir, `Two\nlines\n\nticket: ${id}`);
    const { commits, total, truncated, unknown } = await store.json("ticket", "commits", id);
    const common = { author: "Test User", email: "test@example.com", found: "branch", tickets: [id] };
    expect({ commits, total, truncated, unknown }).toEqual({
      commits: [
        { ...common, oid: second, date: dateOf(dir, second), subject: "Two lines", branches: ["main"] },
        {
          ...common,
          oid: first,
          date: dateOf(dir, first),
          subject: `Phase 2: One - TICKET: ${id}. More`,
          branches: ["main", "origin/main"],
        },
      ],
      total: 2,
      truncated: false,
      unknown: [],
    });
    const shown = await store.json<{ ticket: { commits: string[] }; linkedCommits: { oid: string }[] }>(
      "ticket",
      "show",
      id,
    );
    expect(shown.ticket.commits).toEqual([second, first]);
    expect(shown.linkedCommits.map(({ oid }) => oid)).toEqual([second, first]);
    expect(await store.ayo("ticket", "show", id)).toContain(`\ncommits:\n${second.slice(0, 7)} `);
    expect(await store.ayo("ticket", "commits", id, "--limit", "1")).toMatch(/^1 of 2 commits; --limit shows more\n/);
    expect(await store.ayo("ticket", "commits", id, "-q")).toBe(`${second}\n${first}`);
  });

  test("a closed and archived ticket's too", async () => {
    const { store, dir, id } = await project();
    const oid = commit(dir, `TICKET: ${id}`);
    await store.ayo("ticket", "close", id);
    await store.ayo("ticket", "archive", "--before", "2100-01-01");
    expect(await store.ayo("ticket", "commits", id, "-q")).toBe(oid);
    const again = commit(dir, `again TICKET: ${id}`);
    expect(await store.ayo("ticket", "commits", id, "-q")).toBe(`${again}\n${oid}`);
    expect((await store.json<{ unknown: unknown[] }>("ticket", "commits")).unknown).toEqual([]);
  });

  test("--stat and --patch are git's, whatever GIT_ variables say", async () => {
    const { store, dir, id } = await project();
    writeFileSync(path.join(dir, "login.ts"), "export const login = 1;\n");
    git(dir, "add", "login.ts");
    const oid = commit(dir, `Login TICKET: ${id}`);
    const env = { GIT_DIR: path.join(tempDir(), "nowhere"), GIT_WORK_TREE: "/", GIT_EXTERNAL_DIFF: "false" };
    const patch = await store.here(["ticket", "commits", id, "--patch"], { env });
    expect(patch).toMatchObject({ code: 0, stderr: "" });
    expect(patch.stdout).toContain(`commit ${oid}\n`);
    expect(patch.stdout).toContain("+export const login = 1;");
    expect(await store.ayo("ticket", "commits", id, "--stat")).toContain("login.ts | 1 +");
    expect((await store.json("ticket", "commits", id, "--stat")).output).toContain("login.ts | 1 +");
  });

  test("without a git binary: the list is there, --patch says why not", async () => {
    const { store, dir, id } = await project();
    const oid = commit(dir, `TICKET: ${id}`);
    const env = { PATH: tempDir() };
    expect(await store.here(["ticket", "commits", id, "-q"], { env })).toMatchObject({ code: 0, stdout: `${oid}\n` });
    const { code, stderr } = await store.here(["ticket", "commits", id, "--patch"], { env });
    expect([code, stderr]).toEqual([1, expect.stringContaining("there is none on the PATH")]);
    expect((await store.here(["ticket", "close", id], { env })).code).toBe(0);
    expect(store.text(id)).toContain(`commits: [${oid}]`);
  });

  test("none: in words, exit 0", async () => {
    const { store, id } = await project();
    expect(await store.ayo("ticket", "commits", id)).toBe(`no commit says TICKET: ${id} yet`);
    const alone = await tempStore();
    const other = await alone.ayo("ticket", "create", "One");
    expect(await alone.ayo("ticket", "commits", other, "--stat")).toBe(
      "the store is in no git project, so there are no commits",
    );
    const strange = tempDir();
    git(strange, "init", "--quiet", "--object-format=sha256");
    const there = await tempStore({ at: strange });
    expect(await there.ayo("ticket", "commits")).toContain("uses sha256 objects, which ayo cannot read");
  });
});

describe("ticket commits", () => {
  test("all that name a ticket, and tags that name none with what is near", async () => {
    const { store, dir, id } = await project();
    const other = await store.ayo("ticket", "create", "Other");
    const both = commit(dir, `Both TICKET: ${id} and TICKET: ${other}`);
    const wrong = commit(dir, `Wrong TICKET: ${id}x, TICKET: zzzzzzzz-9`);
    commit(dir, "None");
    const { commits, unknown } = await store.json("ticket", "commits");
    expect(commits).toMatchObject([{ oid: both, tickets: [id, other] }]);
    expect(unknown).toEqual([
      { id: `${id}x`, near: [id], deleted: false, commits: [wrong] },
      { id: "zzzzzzzz-9", near: [], deleted: false, commits: [wrong] },
    ]);
    expect(await store.ayo("ticket", "commits", "--unknown")).toBe(
      [`${id}x names no ticket; did you mean ${id}?`, "zzzzzzzz-9 names no ticket"]
        .map((line) => `${wrong.slice(0, 7)} TICKET: ${line}`)
        .join("\n"),
    );
  });

  test("no more than twenty unless asked, and said so", async () => {
    const { store, dir, id } = await project();
    for (let i = 0; i < 25; i++) commit(dir, `${i} TICKET: ${id}`);
    const { commits, total, truncated } = await store.json<{ commits: unknown[]; total: number; truncated: boolean }>(
      "ticket",
      "commits",
    );
    expect([commits.length, total, truncated]).toEqual([20, 25, true]);
    expect((await store.ayo("ticket", "commits", "--limit", "30")).split("\n")).toHaveLength(25);
    expect((await store.json<{ commits: unknown[] }>("ticket", "commits", id)).commits).toHaveLength(25);
  });

  test("bad use", async () => {
    const { store, id } = await project();
    for (const args of [
      ["--limit", "0"],
      ["--limit", "x"],
      [id, "--unknown"],
      ["no-such", "--patch"],
    ]) {
      const { code, stderr } = await store.here(["ticket", "commits", ...args]);
      expect([args, code, stderr]).toEqual([args, args[0] === "no-such" ? 1 : 2, expect.stringMatching(/^error: /)]);
    }
  });
});

function dateOf(dir: string, oid: string): string {
  const seconds = Number(git(dir, "log", "-1", "--format=%at", oid));
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
