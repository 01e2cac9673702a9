import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { nextCommand, whatIsWrong } from "../helpers/expectSwept.ts";
import { git } from "../helpers/git.ts";
import { STALE_MS, startActor } from "../helpers/interleaving/process.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { startPaused } from "../helpers/pausedProcess.ts";
import { GIT_LOCK, RECORD, SOON } from "../helpers/scene.ts";
import { copyOf, sweptStore } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

vi.setConfig({ testTimeout: 300_000 });

const cleanUp = laterCleanUp();

/** So long git's lock is waited for before a commit is deferred, and a little more. */
const WAITED_MS = 1_200;

test.concurrent("who stood still while git was locked, and lost the store meanwhile, defers nothing that has become old", async () => {
  const store = await tempStore({ at: tempDir(cleanUp) });
  const id = await store.ayo("ticket", "create", "Changed by two");
  await store.ayo("ticket", "update", id, "--set", "who=nobody");
  const lock = path.join(store.repo, ".git", "index.lock");
  writeFileSync(lock, "");
  const set = (who: string) => ["--as", `@${who}`, "ticket", "update", id, "--set", `who=${who}`];
  // Its second look at git's lock is in the midst of its waiting.
  const first = startActor(store.dir, set("first"), { at: { call: 2, by: "SIGSTOP", of: "index.lock" } });
  await first.still();
  expect(first.standsBefore().join(" ")).toContain("index.lock");
  rmSync(lock);
  const second = await store.run(set("second"), { env: { ...SOON, AYO_LOCK_STALE_MS: String(STALE_MS) } });
  expect(second).toMatchObject({ code: 0 });
  writeFileSync(lock, "");
  await new Promise((resolve) => setTimeout(resolve, WAITED_MS));
  first.signal("SIGCONT");
  expect(await first.ended).toMatchObject({ code: 0, stderr: expect.stringContaining("commit deferred") });
  rmSync(lock);
  await store.ayo("ticket", "create", "Later");
  expect(git(store.repo, "log", "--format=%an", "--", `${id}.md`).split("\n").slice(0, 2)).toEqual(["first", "second"]);
  expect(store.text(id)).toContain("who: first");
  store.judge();
});

/** A change writes what it is to put in place. */
const STAGED = "openSync .*/tmp/staged-";
const UPDATE = ["ticket", "update", "t-1", "--priority", "0"];
const UPDATED = "update t-1: priority";
const NOTE = ["ticket", "note", "t-1", "noted"];
const NOTED = "note t-1: noted";
const WENT_WELL = { code: 0, stderr: "" };
const DEFERRED = { code: 0, stderr: expect.stringContaining("commit deferred") };

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe.concurrent.each([
  ["own", false],
  ["inline", true],
])("two at one ticket, of whom one lost his lock unawares, %s store", (_, inline) => {
  let template: TempStore;
  beforeAll(async () => {
    template = await sweptStore(inline, cleanUp);
  });

  function scene() {
    const store = copyOf(template, path.join(tempDir(cleanUp), "p"));
    const since = git(store.repo, "rev-parse", "HEAD");
    return {
      store,
      gitLock: path.join(store.repo, ".git", "index.lock"),
      start: (args: readonly string[], calls: readonly string[], at: number | readonly number[] = 1) =>
        startPaused(store, at, args, { env: SOON, reads: true, from: calls.join("\n") }),
      subjects: () => git(store.repo, "log", "--reverse", "--format=%s", `${since}..HEAD`).split("\n"),
      wrong: async () => [...(await nextCommand(store)), ...(await whatIsWrong(store, since))],
    };
  }

  test("time that goes by while a process stands still is no waiting for git: it tries again, and defers nothing", async () => {
    const { store, start, subjects, wrong } = scene();
    const first = start(UPDATE, [STAGED]);
    expect(await first.paused).toBe(true);
    const other = start(NOTE, [GIT_LOCK]);
    expect(await other.paused).toBe(true);
    first.resume();
    expect(await first.ended).toMatchObject(WENT_WELL);
    await sleep(WAITED_MS);
    other.resume();
    expect(await other.ended).toMatchObject(WENT_WELL);
    expect(subjects()).toEqual([UPDATED, NOTED]);
    expect(store.text("t-1")).toMatch(/priority: 0[\s\S]*noted\n$/);
    expect(await wrong()).toEqual([]);
  });

  test("nothing is deferred that was made from what the branch had before", async () => {
    const { store, gitLock, start, subjects, wrong } = scene();
    const first = start(UPDATE, [STAGED]);
    expect(await first.paused).toBe(true);
    // It waits for git until its own staged file is there once more, to be put in place before its commit.
    const other = start(NOTE, [GIT_LOCK, STAGED]);
    expect(await other.paused).toBe(true);
    writeFileSync(gitLock, "");
    other.resume();
    expect(await other.pausedAgain()).toBe(true);
    rmSync(gitLock);
    first.resume();
    expect(await first.ended).toMatchObject(WENT_WELL);
    other.resume();
    expect(await other.ended).toMatchObject(WENT_WELL);
    expect(subjects()).toEqual([UPDATED, NOTED]);
    expect(store.text("t-1")).toMatch(/priority: 0[\s\S]*noted\n$/);
    expect(await wrong()).toEqual([]);
  });

  test.each([
    ["another line", UPDATE, UPDATED],
    ["the same place", ["ticket", "note", "t-1", "by the first"], "note t-1: by the first"],
  ])(
    "a change that was deferred is committed as what it is, and once, though another changed %s since",
    async (_what, change, changed) => {
      const { store, gitLock, start, subjects, wrong } = scene();
      const first = start(change, [STAGED]);
      expect(await first.paused).toBe(true);
      writeFileSync(gitLock, "");
      expect(await store.run(NOTE, { env: SOON })).toMatchObject(DEFERRED);
      rmSync(gitLock);
      first.resume();
      expect(await first.ended).toMatchObject(WENT_WELL);
      expect(await store.run(["ticket", "note", "t-2", "noted"], { env: SOON })).toMatchObject(WENT_WELL);
      expect(subjects()).toEqual([changed, NOTED, "note t-2: noted"]);
      expect(store.text("t-1").match(/noted$|by the first$|^priority: 0$/gm)).toHaveLength(2);
      expect(await wrong()).toEqual([]);
    },
  );

  /** One who is about to record that his change waits for git, when another takes the store's lock over. */
  async function deferring({ gitLock, start }: ReturnType<typeof scene>) {
    const first = start(UPDATE, [RECORD, RECORD]);
    expect(await first.paused).toBe(true);
    writeFileSync(gitLock, "");
    first.resume();
    expect(await first.pausedAgain()).toBe(true);
    rmSync(gitLock);
    return first;
  }

  test("what is put in place for a deferred commit is no edit by hand", async () => {
    const play = scene();
    const first = await deferring(play);
    // It has found no record, and has not looked at the tickets yet.
    const other = play.start(NOTE, ["readdirSync .*/replaced$"]);
    expect(await other.paused).toBe(true);
    first.resume();
    expect(await first.ended).toMatchObject(DEFERRED);
    other.resume();
    expect(await other.ended).toMatchObject(WENT_WELL);
    expect(play.subjects()).toEqual([UPDATED, NOTED]);
    expect(await play.wrong()).toEqual([]);
  });

  test("nor is it part of one", async () => {
    const play = scene();
    const { store } = play;
    const first = await deferring(play);
    appendFileSync(path.join(store.tickets, "t-1.md"), "By hand\n");
    // It has looked for records once more, and has not read what was edited.
    const other = play.start(NOTE, ["readdirSync .*/replaced$", "readdirSync .*/redo$"], [1, 2]);
    expect(await other.paused).toBe(true);
    other.resume();
    expect(await other.pausedAgain()).toBe(true);
    first.resume();
    expect(await first.ended).toMatchObject(DEFERRED);
    other.resume();
    expect(await other.ended).toMatchObject({ code: 0 });
    const subjects = play.subjects();
    expect(subjects).toEqual([UPDATED, "edit t-1 by hand: text", NOTED]);
    const edit = git(store.repo, "show", "--format=", `HEAD~${subjects.length - 2}`).split("\n");
    expect(edit.filter((line) => /^[+-][^+-]/.test(line))).toEqual(["+By hand"]);
    expect(await nextCommand(store)).toEqual([]);
  });
});
