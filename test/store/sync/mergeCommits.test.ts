import { cpSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Journal } from "../../../src/store/open/store.ts";
import { mergeCommits } from "../../../src/store/sync/mergeCommits.ts";
import { fsck, git } from "../../helpers/git.ts";
import { tempDir } from "../../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore, writeTickets } from "../../helpers/tempStore.ts";

let here: TempStore;
let there: TempStore;
beforeEach(async () => {
  here = await tempStore();
  writeTickets(here, { one: "One", two: "Two", three: "Three" });
  await here.ayo("ticket", "note", "three", "commits them");
  const other = path.join(tempDir(), "other");
  cpSync(here.dir, other, { recursive: true });
  there = storeIn(other);
});

const tip = (store: TempStore) => git(store.tickets, "rev-parse", "HEAD");
const fetch = (into: TempStore, from: TempStore) => git(into.tickets, "fetch", "--quiet", from.tickets, "HEAD");

/** Merges the tips of both in each of them; the one commit that both come to. */
async function merged(one: TempStore, other: TempStore): Promise<string> {
  const tips = [tip(one), tip(other)] as const;
  fetch(one, other);
  fetch(other, one);
  const results = await Promise.all(
    [one, other].map((store, at) => {
      const opened = store.open();
      const order = at === 0 ? tips : ([tips[1], tips[0]] as const);
      return mergeCommits(opened, opened.journal as Journal, ...order);
    }),
  );
  expect(results[0]?.commit).toBe(results[1]?.commit);
  const { commit } = results[0] as { commit: string };
  for (const store of [one, other]) git(store.tickets, "reset", "--quiet", "--hard", commit);
  for (const store of [one, other]) fsck(store.tickets);
  return commit;
}

const show = (commit: string, file: string) => git(here.tickets, "show", `${commit}:${file}`);

test("two machines make one commit of their two, by field, with both as its parents", async () => {
  await here.ayo("ticket", "update", "one", "-p", "0", "--as", "@a");
  await here.ayo("ticket", "note", "two", "from here", "--as", "@a");
  await there.ayo("ticket", "update", "one", "--tag", "urgent");
  await there.ayo("ticket", "note", "two", "from there");
  const parents = [tip(here), tip(there)].sort();
  const commit = await merged(here, there);
  expect(
    git(here.tickets, "show", "--no-patch", "--format=%P|%an|%ae|%(trailers:key=Actor,valueonly)", commit),
  ).toContain(`${parents.join(" ")}|ayo|ayo@ayo.invalid|ayo`);
  expect(show(commit, "one.md")).toMatch(/priority: 0/);
  expect(show(commit, "one.md")).toMatch(/tags: \[urgent\]/);
  expect(show(commit, "two.md")).toMatch(/from here(?:.|\n)*from there|from there(?:.|\n)*from here/);
});

test("a person's value stays before an agent's, however late and often that one changed it; it is kept in a note", async () => {
  await there.ayo("ticket", "update", "one", "--title", "By a person");
  for (let n = 0; n < 3; n++) await here.ayo("ticket", "update", "one", "--title", `By an agent ${n}`, "--as", "@a");
  const commit = await merged(here, there);
  expect(show(commit, "one.md")).toMatch(/^# By a person$/m);
  expect(show(commit, "one.md")).toContain("By an agent 2");
});

test("who has all of the other already is told, and nothing is made", async () => {
  const old = tip(there);
  await here.ayo("ticket", "note", "one", "ahead");
  const store = here.open();
  for (const pair of [
    [tip(here), old],
    [old, tip(here)],
    [old, old],
  ] as const) {
    const result = await mergeCommits(store, store.journal as Journal, ...pair);
    expect(result).toEqual({ state: "has_all", commit: pair.includes(tip(here)) ? tip(here) : old });
  }
});

test("moves into the archive, deletions and edits of one ticket come together", async () => {
  await here.ayo("ticket", "close", "one");
  await here.ayo("ticket", "archive", "--before", "0s");
  await there.ayo("ticket", "note", "one", "while it was archived");
  await here.ayo("ticket", "delete", "two", "--yes");
  await there.ayo("ticket", "note", "two", "still wanted");
  const commit = await merged(here, there);
  const files = git(here.tickets, "ls-tree", "-r", "--name-only", commit).split("\n");
  expect(files.filter((file) => file.endsWith("one.md"))).toHaveLength(1);
  expect(files).toContain("two.md");
  expect(show(commit, files.find((file) => file.endsWith("one.md")) as string)).toContain("while it was archived");
  expect(show(commit, "two.md")).toContain("still wanted");
});

test("histories that were merged across each other come to one commit too", async () => {
  const third = path.join(tempDir(), "third");
  cpSync(here.dir, third, { recursive: true });
  const far = storeIn(third);
  await here.ayo("ticket", "note", "one", "a");
  await there.ayo("ticket", "note", "one", "b");
  const [a, b] = [tip(here), tip(there)];
  // Two merges of the same two by people, each with its own decision: two best common ancestors.
  fetch(here, there);
  fetch(there, here);
  for (const [store, other] of [
    [here, b],
    [there, a],
  ] as const) {
    git(store.tickets, "merge", "--quiet", "--no-edit", "--strategy=ours", other);
    await store.ayo("ticket", "note", "two", `after the merge of ${store === here ? "a" : "b"}`);
  }
  await merged(here, there);
  await far.ayo("ticket", "update", "three", "-p", "1");
  const commit = await merged(here, far);
  expect(show(commit, "three.md")).toMatch(/priority: 1/);
  expect(show(commit, "two.md")).toMatch(/after the merge of a/);
  expect(show(commit, "two.md")).toMatch(/after the merge of b/);
});

test("a link in a store's tree is no file of a store", async () => {
  const blob = git(there.tickets, "hash-object", "-w", "--stdin");
  git(there.tickets, "update-index", "--add", "--cacheinfo", `120000,${blob},evil.md`);
  git(there.tickets, "commit", "--quiet", "--message=link");
  await here.ayo("ticket", "note", "one", "x");
  fetch(here, there);
  const store = here.open();
  await expect(mergeCommits(store, store.journal as Journal, tip(here), tip(there))).rejects.toThrow("is a link");
});
