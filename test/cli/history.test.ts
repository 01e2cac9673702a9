import { renameSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { git } from "../helpers/git.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

/** A ticket's history, oldest first, without the times. */
async function told({ ayo }: TempStore, ...args: string[]): Promise<string[]> {
  const lines = (await ayo("ticket", "history", ...args)).split("\n");
  return lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d {2}/, "").replaceAll(/ {2,}/g, "  ")).reverse();
}

test("history tells of one ticket field by field, through hand edits, renames, the archive and its deletion", async () => {
  const store = await tempStore();
  const { ayo, tickets } = store;
  const id = await ayo("ticket", "create", "Build login", "--acceptance", "401", "--tags", "auth");
  const other = await ayo("ticket", "create", "Other");
  await ayo("ticket", "start", id, "--as", "@coder");
  await ayo("ticket", "update", id, "--add-tag", "ui", "--remove-tag", "auth", "--set", "estimate=5", "-p", "0");
  await ayo("ticket", "dep", id, other);
  store.write(id, store.text(id).replace("[ ] 401", "[x] 401"));
  await ayo("ticket", "close", id, "--force", "-m", "12 tests\npass", "--as", "@coder");
  renameSync(path.join(tickets, `${id}.md`), path.join(tickets, "login.md"));
  await ayo("ticket", "archive", "--before", "2100-01-01");
  await ayo("ticket", "reopen", id);
  await ayo("ticket", "delete", id, "--yes");
  expect(await told(store, id)).toEqual([
    "Test User  created: Build login",
    "@coder  status open → in_progress, claimed-by @coder",
    "Test User  priority 2 → 0, tags +ui -auth, estimate 5",
    `Test User  deps ${other}`,
    "Test User  criteria 0/1 → 1/1 (by hand)",
    '@coder  status in_progress → closed, note "12 tests pass"',
    "Test User  renamed to login.md (by hand)",
    `Test User  archived to ${git(tickets, "log", "--format=", "--name-only", "-1", "HEAD~2")
      .split("\n")
      .find((name) => name.startsWith("archive/"))}`,
    "Test User  taken out of the archive, status closed → open",
    "Test User  deleted: Build login",
  ]);
  const {
    id: named,
    entries,
    total,
    truncated,
  } = await store.json<{
    id: string;
    entries: { commit: string; actor: string; changes: object; kind: string; event: string }[];
    total: number;
    truncated: boolean;
  }>("ticket", "history", id.slice(-4), "--actor", "coder", "--limit", "1");
  expect([named, total, truncated]).toEqual([id, 2, true]);
  expect(entries[0]).toMatchObject({
    commit: git(tickets, "log", "-1", "--format=%H", `--grep=close ${id}`),
    kind: "changed",
    event: "closed",
    byHand: false,
    changes: { status: { from: "in_progress", to: "closed" }, notes: { from: [], to: [{ by: "@coder" }] } },
  });
});

test("what is on the disk and in no commit yet comes first", async () => {
  const store = await tempStore({ inline: true });
  const id = await store.ayo("ticket", "create", "Build login");
  store.write(id, store.text(id).replace("priority: 2", "priority: 1"));
  expect((await told(store, id)).at(-1)).toBe("(on disk)  priority 2 → 1 (by hand, not committed yet)");
  git(store.dir, "checkout", "--quiet", "-b", "side");
  git(store.dir, "commit", "--quiet", "--allow-empty", "--message=side");
  await store.ayo("ticket", "note", id, "committed");
  git(store.dir, "update-ref", "--no-deref", "HEAD", git(store.dir, "rev-parse", "HEAD"));
  git(store.dir, "bisect", "start");
  await store.ayo("ticket", "note", id, "waits");
  expect((await told(store, id)).slice(-2)).toEqual([
    'Test User  note "committed"',
    'Test User  note "waits" (waits for git)',
  ]);
});

test("the whole store's history says when it is cut, and a commit of many tickets is one line", async () => {
  const store = await tempStore();
  const ids: string[] = [];
  for (let n = 0; n < 9; n++) ids.push(await store.ayo("ticket", "create", `T${n}`));
  await store.ayo("ticket", "close", ...ids);
  expect((await told(store)).at(-1)).toBe(`Test User  close 9 tickets: ${ids.join(", ")}`);
  const { stdout, stderr } = await store.here(["ticket", "history", "--limit", "2"]);
  expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  expect(stderr).toBe("2 changes of 10 commits; --limit shows more\n");
  const head = git(store.tickets, "rev-parse", "--short=10", "HEAD~1");
  expect(await told(store, "--since", head)).toHaveLength(1);
  expect(await told(store, "--since", "1h")).toHaveLength(10);
  expect(await store.ayo("ticket", "history", "--since", "2100-01-01")).toBe("");
});

test("--patch is a patch that git applies", async () => {
  const store = await tempStore();
  const id = await store.ayo("ticket", "create", "Build login", "-d", "one\n\ntwo");
  await store.ayo("ticket", "update", id, "--title", "Build the login", "--set", "x=1");
  await store.ayo("ticket", "note", id, "last");
  const { entries } = await store.json<{ entries: { patch: string }[] }>("ticket", "history", id, "--patch");
  for (const { patch } of entries.slice(0, 2)) {
    const { spawnSync } = await import("node:child_process");
    const { hermeticEnv, sharedHome } = await import("../helpers/hermeticEnv.ts");
    const options = { cwd: store.tickets, env: hermeticEnv(sharedHome()), input: patch, encoding: "utf8" } as const;
    expect(spawnSync("git", ["apply", "--reverse", "-"], options).stderr).toBe("");
  }
  expect(store.text(id)).toBe(git(store.tickets, "show", `HEAD~2:${id}.md`).concat("\n"));
});

test.each([
  [["nope"], 1, "error: ticket 'nope' not found\n"],
  [["--since", "soon"], 2, "since 'soon' is neither a time"],
  [["--since", "2026-02-31"], 2, "since '2026-02-31' is neither a time"],
  [["--since", "abcdef12"], 1, "the store's history has no commit 'abcdef12'"],
  [["--limit", "0"], 2, "--limit must be at least 1"],
])("history %j is refused with words", async (args, code, words) => {
  const store = await tempStore();
  await store.ayo("ticket", "create", "One");
  const run = await store.here(["ticket", "history", ...args]);
  expect([run.code, run.stdout]).toEqual([code, ""]);
  expect(run.stderr).toContain(words);
});
