import { expect, test } from "vitest";
import { seeLanded } from "../../../src/store/codeCommits/landed/seeLanded.ts";
import { git } from "../../helpers/git.ts";
import { change } from "../../helpers/landedScene.ts";
import { tempStore } from "../../helpers/tempStore.ts";
import { inboxOf, linesOf } from "./inboxHere.ts";

test("work that was taken back is told to people and to whose it is, until it lands again or is taken up", async () => {
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const id = await store.ayo("ticket", "create", "Build login");
  await store.ayo("ticket", "start", id, "--as", "coder");
  change(dir, "login", `login TICKET: ${id}`);
  await store.ayo("ticket", "close", id, "--as", "coder");
  const look = () => seeLanded(store.open());
  expect(store.text(id)).toContain("landed:");
  expect(await linesOf(store)).toEqual([]);
  git(dir, "revert", "--no-edit", "HEAD");
  await look();
  const gone = git(dir, "rev-parse", "HEAD");
  const { items, counts } = await inboxOf(store);
  expect(counts).toEqual({ taken_back: 1 });
  expect(items).toMatchObject([
    {
      key: `${id}:taken-back`,
      kind: "taken_back",
      id,
      title: "Build login",
      by: null,
      at: expect.stringMatching(/Z$/),
      text: `taken back from main by ${gone.slice(0, 7)}`,
      act: `ayo ticket reopen ${id}`,
    },
  ]);
  expect(await store.ayo("inbox", "--kind", "taken_back")).toContain(`ayo ticket reopen ${id}`);
  expect(await linesOf(store, "--as", "coder")).toEqual([`taken_back ${id}:taken-back`]);
  expect(await linesOf(store, "--as", "rex")).toEqual([]);
  await store.ayo("inbox", "done", id);
  expect(await linesOf(store)).toEqual([]);
  git(dir, "revert", "--no-edit", "HEAD");
  await look();
  expect(await linesOf(store, "--as", "coder")).toEqual([]);
  // Taken back once more is something new.
  git(dir, "revert", "--no-edit", "HEAD");
  await look();
  expect(await linesOf(store)).toEqual([`taken_back ${id}:taken-back`]);
  await store.ayo("ticket", "reopen", id);
  expect(await linesOf(store)).toEqual([]);
});

test("where the branch was written anew no commit is blamed", async () => {
  const store = await tempStore({ project: true });
  const { dir } = store;
  await store.ayo("config", "ready.deps", "landed");
  const id = await store.ayo("ticket", "create", "Build login");
  change(dir, "login", `login TICKET: ${id}`);
  await store.ayo("ticket", "close", id);
  git(dir, "reset", "--quiet", "--hard", "HEAD~1");
  change(dir, "other", "an innocent change");
  expect(await store.ayo("ticket", "landed", id)).toMatch(/^Taken back .*: on main no more: [0-9a-f]{7}/);
  const tip = git(dir, "rev-parse", "--short=7", "HEAD");
  expect((await inboxOf(store)).items).toMatchObject([
    { id, text: `no longer on main: the branch was written anew without it, and is at ${tip}` },
  ]);
  expect(await store.ayo("ticket", "show", id)).toContain(`on the base branch no more since ${tip}`);
});
