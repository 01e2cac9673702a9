import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { placing, RECORD_GONE, SOON, scenes, TAKEN } from "../helpers/scene.ts";
import type { TempStore } from "../helpers/tempStore.ts";

/* Two who put one change in place, because the first was stopped at it, and hands at the same file. */

vi.setConfig({ testTimeout: 300_000 });

const scene = scenes();

const NOTE = ["ticket", "note", "t-2", "noted"];
const NOTED = "note t-2: noted";

/** What hands made of a store, commit by commit: the lines that each changed. */
function handsIn({ repo }: TempStore, count: number): string[] {
  const commits = git(repo, "log", `-${count}`, "--format=%H", "--grep=^By-hand: yes").split("\n").filter(Boolean);
  return commits.flatMap((commit) =>
    git(repo, "show", "--format=", "-U0", commit)
      .split("\n")
      .filter((line) => /^[+-](?!\+\+ |-- )/.test(line)),
  );
}

test.concurrent("what another has put in place for a change is not what somebody appended", async () => {
  const { store, start, subjects } = scene();
  const first = start(["ticket", "note", "t-1", "by the first"], ["^statSync .*/tmp/staged-", "existsSync .*/redo/"]);
  expect(await first.paused).toBe(true);
  // It has taken away what was staged, and is about to put it in place itself.
  const other = start(NOTE, [placing("t-1"), RECORD_GONE]);
  expect(await other.paused).toBe(true);
  first.resume();
  expect(await first.pausedAgain()).toBe(true);
  other.resume();
  expect(await other.pausedAgain()).toBe(true);
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  other.resume();
  expect(await other.ended).toMatchObject({ code: 0, stderr: "" });
  expect(store.text("t-1").match(/by the first/g)).toHaveLength(1);
  expect(await subjects()).toEqual(["note t-1: by the first", NOTED]);
});

test.concurrent("what is written to a file that two replace at once is merged once", async () => {
  const { store, start } = scene();
  const first = start(["ticket", "note", "t-1", "by the first"], ["lstatSync .*/replaced/.*_t-1\\.md"]);
  expect(await first.paused).toBe(true);
  appendFileSync(path.join(store.tickets, "t-1.md"), "By hand\n");
  expect(await store.run(NOTE, { env: SOON })).toMatchObject({ code: 0 });
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0 });
  await store.ayo("ticket", "note", "t-3", "noted");
  expect(
    store
      .text("t-1")
      .match(/by the first|By hand/g)
      ?.sort(),
  ).toEqual(["By hand", "by the first"]);
  expect(handsIn(store, 4)).toEqual(["+By hand"]);
});

test.concurrent("what was written in the last moment to a ticket that is archived goes along", async () => {
  const { store, start } = scene();
  const first = start(["ticket", "archive"], ["renameSync .*/t-6\\.md .*/replaced/", TAKEN]);
  expect(await first.paused).toBe(true);
  appendFileSync(path.join(store.tickets, "t-6.md"), "Appended\n");
  first.resume();
  expect(await first.pausedAgain()).toBe(true);
  expect(await store.run(NOTE, { env: SOON })).toMatchObject({ code: 0 });
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  await store.ayo("ticket", "note", "t-3", "noted");
  expect(readFileSync(path.join(store.tickets, "archive/2020-06/t-6.md"), "utf8")).toContain("Appended\n");
  expect(store.files()).not.toContain("t-6.md");
});
