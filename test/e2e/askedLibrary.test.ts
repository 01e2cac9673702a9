import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, expect, test, vi } from "vitest";
import { readHolder } from "../../src/store/change/lock/card.ts";
import {
  ASKED,
  begin,
  boxOf,
  CALLED,
  call,
  inBox,
  judge,
  LOCK,
  type Play,
  secondsOf,
  sweep,
} from "../helpers/askedPlay.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { ROOT } from "../helpers/installed.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { startPaused } from "../helpers/pausedProcess.ts";
import { copyOf, sweptStore, textsOf, titled } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

/* Programs that call the library ask whoever has the lock as commands do, and do the work of both while they have it. */

vi.setConfig({ testTimeout: process.env.AYO_LONG === "1" ? 7_200_000 : 300_000 });

const cleanUp = laterCleanUp();
let template: TempStore;
beforeAll(async () => {
  template = await sweptStore(false, cleanUp);
});

/** Half of those who ask are commands, half are programs that call the library. */
const MIXED = ASKED.map((words, n) => (n % 2 === 0 ? words : (CALLED[n] as readonly string[])));
const HOLDS = call("addNote", { id: "t-1", text: "by the holder" });

const jsonOf = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) =>
  JSON.parse(stdout || stderr) as Record<string, unknown>;

test("a command that has the lock does what programs call for, in their names, with the answers they would have made", async () => {
  const play = await begin(template, 1_000_000, { asked: CALLED });
  const answers = await play.answers;
  const json = answers.map(jsonOf);
  const commits = git(play.store.repo, "log", "--format=%H", `${play.since}..HEAD`).split("\n");
  for (const n of [0, 1, 2, 3, 4]) expect(commits).toContain(json[n]?.commit);
  expect(json[4]).toMatchObject({ tickets: [{ id: "t-2", priority: 0 }], notices: [] });
  const claims = json.slice(5, 7).map(({ tickets, code }) => (tickets === undefined ? code : "mine"));
  expect(claims.sort()).toEqual(["claimed", "mine"]);
  expect(json[7]).toMatchObject({ code: "not_found", data: { id: "none-such" } });
  expect(await judge(play, answers, true)).toEqual([]);
  // All of them were written together, and nobody had to take the lock.
  expect(secondsOf(play)).toBeLessThan(15);
});

test("a program that has the lock does what commands and other programs ask for", async () => {
  const play = await begin(template, 1_000_000, { asked: MIXED, holds: HOLDS });
  const answers = await play.answers;
  expect(answers[0]).toEqual({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  expect(jsonOf(await play.holder.ended)).toMatchObject({ ticket: { id: "t-1" } });
  expect(await judge(play, answers, true)).toEqual([]);
});

/** Ten calls, one after the other, and who has the store's lock when each is answered. */
const TEN_CALLS = `
import { readFileSync } from "node:fs";
import { addNote, openStore } from ${JSON.stringify(path.join(ROOT, "dist/index.js"))};
const holders = [];
for (let n = 0; n < 10; n++) {
  await addNote(openStore(), { id: "t-1", text: "call " + n });
  try {
    holders.push(JSON.parse(readFileSync(".tickets/.git/ayo/lock.json", "utf8")).pid);
  } catch {
    holders.push(0);
  }
}
console.log(JSON.stringify({ own: process.pid, holders }));`;

test("who was served is waited for a moment: what it wants next is done by the process that has all at hand", async () => {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const env = { AYO_ASK_MS: "5000", AYO_SERVE_MS: "20000" };
  const holder = startPaused(store, 2, HOLDS, { env, from: LOCK });
  expect(await holder.paused).toBe(true);
  const program = spawn(process.execPath, ["--input-type=module", "-e", TEN_CALLS], {
    cwd: store.dir,
    env: { ...hermeticEnv(sharedHome()), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = text(program.stdout);
  await vi.waitUntil(() => inBox(store, ".ask").length === 1, { timeout: 60_000, interval: 5 });
  holder.resume();
  const { own, holders } = JSON.parse(await told) as { readonly own: number; readonly holders: readonly number[] };
  expect((await holder.ended).code).toBe(0);
  // A busy machine may keep either from coming in time, once or twice.
  expect(holders.filter((pid) => pid !== own && pid !== 0).length).toBeGreaterThan(6);
  const log = git(store.repo, "log", "-11", "--format=%s").split("\n");
  expect(log.filter((line) => line.startsWith("note t-1: call "))).toHaveLength(10);
});

test("a program that has the lock is killed at any moment: what was asked is done once, or refused once", async () => {
  await sweep("killed program", async (at) => {
    const play: Play = await begin(template, at, { asked: MIXED, holds: HOLDS });
    const hasStopped = await play.holder.pausedAgain();
    if (hasStopped) play.holder.kill();
    const answers = await play.answers;
    await play.holder.ended;
    expect(await judge(play, answers, hasStopped ? undefined : true), `killed at ${at}`).toEqual([]);
    return hasStopped;
  });
});

test("a program that acts as somebody else does so for nobody but itself", async () => {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const acting = { acting: { name: "@somebody", email: "somebody@agents.ayo.invalid", agent: true } };
  const holder = startPaused(store, 2, [...HOLDS, JSON.stringify(acting)], { from: LOCK });
  expect(await holder.paused).toBe(true);
  const answers = [["ticket", "note", "t-1", "by a command"], call("addNote", { id: "t-1", text: "by a call" })].map(
    (words) => store.run(words, { env: { AYO_ASK_MS: "5000" } }),
  );
  await vi.waitUntil(() => inBox(store, ".ask").length === 2, { timeout: 60_000, interval: 5 });
  holder.resume();
  expect((await Promise.all(answers)).map(({ code }) => code)).toEqual([0, 0]);
  await holder.ended;
  const log = git(store.repo, "log", "-3", "--format=%an: %s").split("\n");
  expect(log).toContain("somebody: note t-1: by the holder");
  expect(log.filter((line) => line.startsWith("somebody: "))).toHaveLength(1);
});

test("a call that waits for a ticket is nobody else's: he would wait, too", async () => {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const holder = startPaused(store, 2, HOLDS, { from: LOCK });
  expect(await holder.paused).toBe(true);
  const input = { next: true, wait: "10m", query: "tag:none-such", as: "@a" };
  const waits = startPaused(store, 1, call("claimTickets", input), { env: { AYO_ASK_MS: "90000" }, from: LOCK });
  expect(await waits.paused).toBe(true);
  expect(inBox(store, "")).toEqual([]);
  waits.kill();
  holder.resume();
  expect((await holder.ended).code).toBe(0);
});

test("a call whose file is not held open by the process that it names is nobody's", async () => {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const box = boxOf(store);
  mkdirSync(box, { mode: 0o700 });
  const build = await buildOf(store);
  const other = spawn("sleep", ["60"], { cwd: store.dir, env: hermeticEnv(sharedHome()), stdio: "ignore" });
  const { pid = 0 } = other;
  const space = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
  const name = `0-${pid.toString(36)}-${space}-a`;
  const planted = { pid, verb: "create", input: { title: "Planted" }, build, descriptor: 0 };
  writeFileSync(path.join(box, `${name}.ask`), JSON.stringify(planted), { mode: 0o600 });
  const answered = async () => {
    expect((await store.run(call("addNote", { id: "t-1", text: "x" }))).code).toBe(0);
    return inBox(store, "");
  };
  await expect.poll(answered, { timeout: 60_000 }).toEqual([`${name}.answer`]);
  other.kill();
  expect(JSON.parse(readFileSync(path.join(box, `${name}.answer`), "utf8"))).toEqual({ refused: true });
  expect(titled(textsOf(store), "Planted")).toBe(0);
});

/** The name of the code that commands run: whoever has the lock says it. */
async function buildOf(store: TempStore): Promise<string> {
  const holder = startPaused(store, 1, ["ticket", "note", "t-2", "y"], { from: "renameSync .*/redo/" });
  expect(await holder.paused).toBe(true);
  const build = readHolder(path.join(store.tickets, ".git/ayo"))?.serves;
  holder.resume();
  await holder.ended;
  return build as string;
}
