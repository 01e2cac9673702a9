import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { type Env, hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { giveToOther } from "../helpers/otherUser.ts";
import { type PausedProcess, startPaused } from "../helpers/pausedProcess.ts";
import { CLI, type CliResult, runCli, UNPRIVILEGED } from "../helpers/runCli.ts";
import { copyOf, sweptStore, textsOf, titled } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

const LOCK = "mkdir .*/ayo/lock$";
const cleanUp = laterCleanUp();
let template: TempStore;
beforeAll(async () => {
  template = await sweptStore(false, cleanUp);
});
const boxOf = (store: TempStore) => path.join(store.tickets, ".git/ayo/ask");
const inBox = (store: TempStore, state: string): string[] =>
  existsSync(boxOf(store)) ? readdirSync(boxOf(store)).filter((file) => file.endsWith(state)) : [];

async function held(store: TempStore): Promise<PausedProcess> {
  const note = ["ticket", "note", "t-1", "by the holder"];
  const holder = startPaused(store, [2, 1_000_000], note, { from: `${LOCK}\n.` });
  expect(await holder.paused).toBe(true);
  return holder;
}
/** Has the lock, and stands still before his change is made. */
async function holding(store: TempStore): Promise<PausedProcess> {
  const words = ["ticket", "note", "t-1", "by the holder"];
  const holder = startPaused(store, 1, words, { from: "renameSync .*/redo/" });
  expect(await holder.paused).toBe(true);
  return holder;
}
const newStore = () => copyOf(template, path.join(tempDir(), "p"));

/** Has a shell run a command line, which it gets as its words. */
function inShell(cwd: string, script: string, words: readonly string[]): Promise<CliResult> {
  return new Promise((resolve) => {
    const env = hermeticEnv(sharedHome());
    const all = ["-c", script, "sh", process.execPath, CLI, ...words];
    const child = execFile("sh", all, { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test.each([
  { what: "full", end: ">/dev/full" },
  { what: "closed", end: ">&-" },
])("an answer that cannot be printed ($what) is no reason to make the change again", async ({ end }) => {
  const store = newStore();
  const holder = await held(store);
  const asked = inShell(store.dir, `exec "$@" ${end}`, ["ticket", "create", "Asked for"]);
  await vi.waitUntil(() => inBox(store, ".ask").length === 1, { timeout: 60_000, interval: 5 });
  holder.resume();
  const { code, stderr } = await asked;
  await holder.ended;
  expect(code).toBe(0);
  if (end === ">/dev/full")
    expect(stderr).toMatch(/^note: the change is made.* could not be printed: .* no space left/);
  expect(titled(textsOf(store), "Asked for")).toBe(1);
});

test("in a folder that is gone nobody is asked, and that is said", async () => {
  const dir = path.join(tempDir(), "gone");
  mkdirSync(dir);
  const { stderr } = await inShell(dir, 'rmdir "$PWD"; exec "$@"', ["ticket", "note", "t-1", "x"]);
  expect(stderr).toMatch(/^error: the working directory .* is gone/);
});

test("a folder that cannot be looked at is no reason for more than an error", async () => {
  const dir = tempDir();
  mkdirSync(path.join(dir, ".tickets", ".git"), { recursive: true });
  chmodSync(path.join(dir, ".tickets"), 0);
  const { code, stderr } = await runCli(dir, ["ticket", "note", "t-1", "x"], { through: UNPRIVILEGED });
  chmodSync(path.join(dir, ".tickets"), 0o700);
  expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/^error: .*\.tickets/)]);
});

test.each(["a folder", "half a file", "null", "closed"])(
  "what lies among the requests (%s) is in nobody's way",
  async (what) => {
    const store = newStore();
    const box = boxOf(store);
    // Nobody has such a pid.
    const file = path.join(box, `0-zzzzzz-${readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "")}-a.ask`);
    mkdirSync(box);
    if (what === "a folder") mkdirSync(file);
    else writeFileSync(file, what === "null" ? "null" : "{");
    if (what === "closed") chmodSync(box, 0o500);
    const answer = await store.run(["ticket", "note", "t-1", "x"], { through: UNPRIVILEGED });
    chmodSync(box, 0o700);
    expect(answer).toEqual({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  },
);

test("a box that leads out of the store is nobody's: nothing is put there, and nothing there is swept", async () => {
  const store = newStore();
  const elsewhere = tempDir();
  const left = path.join(elsewhere, `0-zzzzzz-${readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "")}-a.ask`);
  writeFileSync(left, "{}");
  symlinkSync(elsewhere, boxOf(store));
  const holder = await held(store);
  const answers = [1, 2].map((n) => store.run(["ticket", "note", "t-1", `note ${n}`]));
  await new Promise((resolve) => setTimeout(resolve, 300));
  holder.resume();
  for (const answer of await Promise.all(answers)) expect(answer.code).toBe(0);
  expect((await holder.ended).code).toBe(0);
  expect(readdirSync(elsewhere)).toEqual([path.basename(left)]);
});

test("nobody asks a holder of another version, or a dead one: both cost time", async () => {
  const store = newStore();
  const card = path.join(store.tickets, ".git/ayo/lock.json");
  const holder = await holding(store);
  const known = readFileSync(card, "utf8");
  const own = async (): Promise<PausedProcess> => {
    const one = startPaused(store, 1, ["ticket", "note", "t-1", "asked"], { from: LOCK });
    expect(await one.paused).toBe(true);
    expect(readdirSync(boxOf(store)).filter((file) => file.endsWith(".ask"))).toEqual([]);
    return one;
  };
  writeFileSync(card, JSON.stringify({ ...JSON.parse(known), serves: "another version" }));
  const first = await own();
  writeFileSync(card, known);
  holder.kill();
  await holder.ended;
  const second = await own();
  first.resume();
  second.resume();
  expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
});

test("who starts while another is on its way to the lock waits for it, and takes its place where it ends before", async () => {
  const store = newStore();
  const note = (text: string) => ["ticket", "note", "t-1", text];
  const asks = () => readdirSync(boxOf(store)).filter((file) => file.endsWith(".ask")).length;
  const first = startPaused(store, 1, note("first"), { from: LOCK, env: { AYO_ASK_MS: "60000" } });
  expect(await first.paused).toBe(true);
  const others = [1, 2, 3].map((n) => store.run(note(`other ${n}`), { env: { AYO_ASK_MS: "60000" } }));
  await vi.waitUntil(() => asks() === 3, { timeout: 60_000, interval: 5 });
  first.kill();
  const [one, two, three] = await Promise.all(others);
  for (const answer of [one, two, three])
    expect(answer).toEqual({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  for (const n of [1, 2, 3]) expect(store.text("t-1").split(`other ${n}\n`).length).toBe(2);
  expect(store.text("t-1")).not.toContain("first");
  expect(readdirSync(boxOf(store))).toEqual([]);
});

test("who waits for one that stands still before the lock does it himself", async () => {
  const store = newStore();
  const first = startPaused(store, 1, ["ticket", "note", "t-1", "first"], { from: LOCK });
  expect(await first.paused).toBe(true);
  const answer = await store.run(["ticket", "note", "t-1", "second"], { env: { AYO_ASK_MS: "50" } });
  expect(answer).toEqual({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  first.resume();
  expect((await first.ended).code).toBe(0);
  expect(store.text("t-1")).toMatch(/second\n(?:.*\n)*first\n$/);
  expect(readdirSync(boxOf(store))).toEqual([]);
});

test("a command that is refused before it needs the lock takes back that it comes", async () => {
  const store = newStore();
  expect((await store.run(["ticket", "note", "t-1", "x", "--no-such-flag"])).code).toBe(2);
  expect(readdirSync(boxOf(store))).toEqual([]);
});

/** A request that a holder has seen, who stands still before he takes it; whoever asked stands still before he looks. */
async function seen(env: Env, then = ""): Promise<{ store: TempStore; holder: PausedProcess; asked: PausedProcess }> {
  for (;;) {
    const store = newStore();
    const words = ["ticket", "note", "t-1", "by the holder"];
    const holder = startPaused(store, [2, 1, 1], words, {
      env,
      reads: true,
      from: `${LOCK}\nlstatSync .*/ask/${then}`,
    });
    expect(await holder.paused).toBe(true);
    const create = ["ticket", "create", "Asked for"];
    const asked = startPaused(store, 1, create, { env, reads: true, from: "statSync .*answer$" });
    expect(await asked.paused).toBe(true);
    holder.resume();
    if (await holder.pausedAgain()) return { store, holder, asked };
    // On a busy machine he has had the lock for too long to do so.
    asked.resume();
    await asked.ended;
  }
}

test("root asks nobody in somebody else's store, and leaves nothing there", async () => {
  const store = newStore();
  giveToOther(store.dir);
  mkdirSync(path.join(store.tickets, ".git/ayo/lock"));
  const asked = startPaused(store, 1, ["ticket", "note", "t-1", "asked"], { from: LOCK });
  expect(await asked.paused).toBe(true);
  // Where tests do not run as root it is his own store, and he asks.
  expect(existsSync(boxOf(store))).toBe(process.getuid?.() !== 0);
  asked.resume();
  expect(await asked.ended).toMatchObject({ code: 0 });
});

test("what another process has answered meanwhile is left to whoever asked", async () => {
  const env = { AYO_LOCK_STALE_MS: "300", AYO_SERVE_MS: "60000" };
  const { store, holder, asked } = await seen(env);
  // Whoever takes the lock over does it; where somebody holds it for a moment not the first.
  while (inBox(store, ".answer").length === 0)
    expect(await store.run(["ticket", "note", "t-2", "by another"], { env })).toMatchObject({ code: 0 });
  holder.resume();
  expect(await holder.ended).toMatchObject({ code: 0 });
  asked.resume();
  expect(await asked.ended).toMatchObject({ code: 0 });
  expect(titled(textsOf(store), "Asked for")).toBe(1);
});

test("what processes of another container asked for is not swept", async () => {
  const store = newStore();
  mkdirSync(boxOf(store));
  const here = readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  for (const file of [`0-zzzzzz-${here}-a.done`, "0-zzzzzz-1-a.done", "0-zzzzzz-1-b.ask"])
    writeFileSync(path.join(boxOf(store), file), "");
  const after = async () => {
    // Whoever took long for his own change serves nobody.
    await store.run(["ticket", "note", "t-1", "x"]);
    return inBox(store, ".done");
  };
  await expect.poll(after, { timeout: 60_000 }).toEqual(["0-zzzzzz-1-a.done"]);
});

test("where git is busy whoever asked does it himself, and it waits for its commit as any change does", async () => {
  const { store, holder, asked } = await seen({});
  asked.resume();
  const lock = path.join(store.tickets, ".git/index.lock");
  writeFileSync(lock, "somebody's");
  holder.resume();
  expect(await holder.ended).toMatchObject({ code: 0 });
  const { code, stderr } = await asked.ended;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^commit deferred: git is locked/m)]);
  rmSync(lock);
  expect(titled(textsOf(store), "Asked for")).toBe(1);
});

/** The same, once the change is made and its record is there, and before it is noted for whoever asked. */
async function madeAndNotNoted(): ReturnType<typeof seen> {
  const all = await seen({}, "\nwriteFileSync .*[.]done ");
  all.holder.resume();
  expect(await all.holder.pausedAgain()).toBe(true);
  all.holder.kill();
  await all.holder.ended;
  return all;
}

test("a note of what was done that is cut off by a crash says nothing: the record does", async () => {
  const { store, asked } = await madeAndNotNoted();
  const [taken = ""] = inBox(store, ".taken");
  writeFileSync(path.join(boxOf(store), taken.replace(/taken$/, "done")), "");
  asked.resume();
  expect(await asked.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\w+-\w+\n$/) });
  expect(titled(textsOf(store), "Asked for")).toBe(1);
});

test("a change whose request is gone is finished all the same", async () => {
  const { store, asked } = await madeAndNotNoted();
  asked.kill();
  await asked.ended;
  rmSync(boxOf(store), { recursive: true });
  expect(await store.run(["ticket", "note", "t-2", "x"])).toEqual({
    code: 0,
    stdout: "Note added to t-2\n",
    stderr: "",
  });
  expect(titled(textsOf(store), "Asked for")).toBe(1);
});

test.each([
  { what: "note", before: "unlinkSync .*/index\\.lock$" },
  { what: "answer", before: 'writeFileSync .*[.]tmp {"code"' },
])("whoever wakes up when others have gone on without him leaves no $what that nobody reads", async ({ before }) => {
  const { store, holder, asked } = await seen({ AYO_LOCK_STALE_MS: "300", AYO_SERVE_MS: "5000" }, `\n${before}`);
  holder.resume();
  expect(await holder.pausedAgain()).toBe(true);
  asked.resume();
  expect(await asked.ended).toMatchObject({ code: 0 });
  holder.resume();
  expect(await holder.ended).toMatchObject({ code: 0 });
  expect(titled(textsOf(store), "Asked for")).toBe(1);
  expect(readdirSync(boxOf(store))).toEqual([]);
});

// It takes the half minute that a command waits for the lock.
if (process.env.AYO_LONG === "1") {
  test("who waits for too long is refused, and what was asked for is not made after that", async () => {
    const { store, holder, asked } = await seen({ AYO_LOCK_STALE_MS: "100000" }, "\nrenameSync .*/redo/");
    holder.resume();
    expect(await holder.pausedAgain()).toBe(true);
    asked.resume();
    expect(await asked.ended).toMatchObject({ code: 3 });
    holder.resume();
    await holder.ended;
    expect(titled(textsOf(store), "Asked for")).toBe(0);
  });
}
