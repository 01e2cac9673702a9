import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { git } from "../helpers/git.ts";
import { startPaused } from "../helpers/pausedProcess.ts";
import { BRANCH, GIT_LOCK, INDEX, LOCK, placing, RECORD, RECORD_GONE, SOON, scenes, TAKEN } from "../helpers/scene.ts";

/*
 * Schedules of two who are at a change at the same time, because one stood still and woke up: what the pause sweep, in
 * which only one stops and the others run through, does not come to. They wait more than they do, so they are played
 * together.
 */

vi.setConfig({ testTimeout: 300_000 });

const scene = scenes();

const UPDATE = ["ticket", "update", "t-1", "--priority", "0"];
const UPDATED = "update t-1: priority";
const NOTE = ["ticket", "note", "t-2", "noted"];
const NOTED = "note t-2: noted";

test.concurrent("the branch moves while another decides that it has not: the change is finished, not forgotten", async () => {
  const { store, start, subjects } = scene();
  const first = start(UPDATE, [BRANCH, INDEX]);
  expect(await first.paused).toBe(true);
  // It has seen that the branch has not moved, and is about to take away what that needs, or what the first one left.
  const other = start(NOTE, ["unlinkSync .*/(?:tmp_obj_ref|refs/heads/.*\\.lock$)"]);
  expect(await other.paused).toBe(true);
  first.resume();
  expect(await first.pausedAgain()).toBe(true);
  other.resume();
  expect(await other.ended).toMatchObject({ code: 0, stderr: "" });
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  expect(store.text("t-1")).toContain("priority: 0");
  expect(await subjects()).toEqual([UPDATED, NOTED]);
});

test.concurrent("a change that another finished, and undid, is not put in place again by whoever was stopped at it", async () => {
  const { store, start, subjects } = scene();
  const before = store.text("t-1");
  const first = start(UPDATE, [placing("t-1")]);
  expect(await first.paused).toBe(true);
  const commit = git(store.repo, "rev-parse", "HEAD");
  expect(await store.run(["undo", commit], { env: SOON })).toMatchObject({ code: 0 });
  expect(store.text("t-1")).toBe(before);
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  expect(store.text("t-1")).toBe(before);
  expect(await subjects()).toEqual([UPDATED, `undo ${UPDATED}`]);
});

test.concurrent("nor is a ticket taken away again that another archived, and brought back", async () => {
  const { store, start, subjects } = scene();
  const first = start(["ticket", "archive"], ["renameSync .*/t-5\\.md .*/replaced/"]);
  expect(await first.paused).toBe(true);
  const commit = git(store.repo, "rev-parse", "HEAD");
  expect(await store.run(["undo", commit], { env: SOON })).toMatchObject({ code: 0 });
  expect(store.files()).toContain("t-5.md");
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  expect(store.files()).toContain("t-5.md");
  expect(await subjects()).toEqual(["archive 2 tickets", "undo archive 2 tickets"]);
});

test.concurrent.each(["t-5", "t-6"])(
  "nor is %s put back that somebody took away, and another finished the archiving",
  async (id) => {
    const { store, start, subjects } = scene();
    const first = start(["ticket", "archive"], [`renameSync .*/${id}\\.md .*/replaced/`, TAKEN]);
    expect(await first.paused).toBe(true);
    first.resume();
    expect(await first.pausedAgain()).toBe(true);
    expect(store.files()).not.toContain(`${id}.md`);
    expect(await store.run(NOTE, { env: SOON })).toMatchObject({ code: 0, stderr: "" });
    first.resume();
    expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
    expect(await subjects()).toEqual(["archive 2 tickets", NOTED]);
    expect(store.files()).not.toContain(`${id}.md`);
  },
);

test.concurrent.each([2, 3])("a record that goes while another looks at it is no damaged one (%i)", async (at) => {
  const { store, subjects } = scene();
  const start = (args: readonly string[], from: string, call: number) =>
    startPaused(store, call, args, { env: SOON, reads: true, from });
  const first = start(UPDATE, RECORD_GONE, 1);
  expect(await first.paused).toBe(true);
  // It knows that there is a record, and has not read it, or not asked whether it still is there.
  const other = start(NOTE, "readdirSync .*/redo$", at);
  expect(await other.paused).toBe(true);
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  other.resume();
  expect(await other.ended).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(`${store.repo}/.git/ayo/set-aside`)).toBe(false);
  expect(await subjects()).toEqual([UPDATED, NOTED]);
});

test.concurrent("what whoever lost his lock has not put in place yet is no edit by hand", async () => {
  const { store, start, subjects } = scene();
  const first = start(UPDATE, [RECORD, placing("t-1")]);
  expect(await first.paused).toBe(true);
  // It has found nothing to finish, and has not looked at the tickets yet.
  const other = start(NOTE, ["readdirSync .*/replaced$", GIT_LOCK]);
  expect(await other.paused).toBe(true);
  first.resume();
  expect(await first.pausedAgain()).toBe(true);
  other.resume();
  expect(await other.pausedAgain()).toBe(true);
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  other.resume();
  expect(await other.ended).toMatchObject({ code: 0, stderr: "" });
  expect(store.text("t-1")).toContain("priority: 0");
  expect(await subjects()).toEqual([UPDATED, NOTED]);
});

test.concurrent("whoever wakes up without his lock leaves it to whoever took it over", async () => {
  const { store, start, subjects } = scene();
  const first = start(UPDATE, [RECORD]);
  expect(await first.paused).toBe(true);
  const other = start(NOTE, [RECORD]);
  expect(await other.paused).toBe(true);
  const lock = () => [
    existsSync(`${store.repo}/.git/ayo/lock`),
    readFileSync(`${store.repo}/.git/ayo/lock.json`, "utf8"),
  ];
  const taken = lock();
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  expect(lock()).toEqual(taken);
  other.resume();
  expect(await other.ended).toMatchObject({ code: 0, stderr: "" });
  expect(await subjects()).toEqual([UPDATED, NOTED]);
});

test.concurrent("whoever has to try again without his lock takes it again first", async () => {
  const { store, start, subjects } = scene();
  const first = start(UPDATE, [RECORD, LOCK]);
  expect(await first.paused).toBe(true);
  expect(await store.run(NOTE, { env: SOON })).toMatchObject({ code: 0, stderr: "" });
  first.resume();
  expect(await first.pausedAgain()).toBe(true);
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  expect(await subjects()).toEqual([NOTED, UPDATED]);
});

test.concurrent("whoever lost his lock looks again, and his old look does not get into the cache of the others", async () => {
  const { store, start, subjects } = scene();
  const first = start(UPDATE, [RECORD_GONE]);
  expect(await first.paused).toBe(true);
  expect(await store.run(["ticket", "close", "t-1"], { env: SOON })).toMatchObject({ code: 0 });
  first.resume();
  expect(await first.ended).toMatchObject({ code: 0, stderr: "" });
  const state = `${store.repo}/.git/ayo`;
  const [log = "", ...others] = readdirSync(state).filter((name) => /^index-.*\.log$/.test(name));
  const last = JSON.parse(readFileSync(`${state}/${log}`, "utf8").trimEnd().split("\n").at(-1) ?? "");
  const head = git(store.repo, "rev-parse", "HEAD");
  expect({ others, last }).toMatchObject({ others: [], last: { head, uncommitted: [] } });
  expect(await store.json("ticket", "show", "t-1")).toMatchObject({ ticket: { status: "closed", priority: 0 } });
  expect(await subjects()).toEqual([UPDATED, "close t-1: First"]);
});
