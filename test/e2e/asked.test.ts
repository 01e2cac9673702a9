import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { nextCommand, whatIsWrong } from "../helpers/expectSwept.ts";
import { git } from "../helpers/git.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { type PausedProcess, startPaused } from "../helpers/pausedProcess.ts";
import type { CliResult } from "../helpers/runCli.ts";
import { copyOf, sweptStore, textsOf, titled } from "../helpers/sweptCommands.ts";
import { tempDir } from "../helpers/tempDir.ts";
import type { TempStore } from "../helpers/tempStore.ts";

/*
 * Commands that find the store locked ask whoever has the lock to do their work (src/cli/ask, store/requests/box.ts).
 * Whatever happens to him, each is done once, or refused once.
 */

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 7_200_000 : 300_000 });

/** Eight commands take their time to begin, and whoever serves them for his own change, where others work too. */
const SOON = { AYO_LOCK_STALE_MS: "300", AYO_ASK_MS: "5000", AYO_SERVE_MS: "5000" };
const LOCK = "mkdir .*/ayo/lock$";

const cleanUp = laterCleanUp();
let template: TempStore;
beforeAll(async () => {
  template = await sweptStore(false, cleanUp);
});

/** What eight others want while somebody has the lock; of the two claims one is refused. */
const ASKED: readonly (readonly string[])[] = [
  ...[0, 1, 2].map((n) => ["ticket", "note", "t-1", `asked ${n}`, "--as", `@a${n}`]),
  ["ticket", "create", "Asked for", "--as", "@a3"],
  ["ticket", "update", "t-2", "-p", "0", "--as", "@a4"],
  ["ticket", "claim", "t-3", "--as", "@a5"],
  ["ticket", "claim", "t-3", "--as", "@a6"],
  ["ticket", "note", "none-such", "lost", "--as", "@a7"],
];

interface Play {
  readonly store: TempStore;
  readonly since: string;
  readonly holder: PausedProcess;
  readonly answers: Promise<readonly CliResult[]>;
}

const boxOf = (store: TempStore) => path.join(store.tickets, ".git/ayo/ask");
const inBox = (store: TempStore, state: string): string[] =>
  existsSync(boxOf(store)) ? readdirSync(boxOf(store)).filter((file) => file.endsWith(state)) : [];

/** Somebody has the lock and stands still; he stops again at his `at`-th call. */
async function holding(store: TempStore, at: number): Promise<PausedProcess> {
  const note = ["ticket", "note", "t-1", "by the holder"];
  const holder = startPaused(store, [2, at], note, { env: SOON, from: `${LOCK}\n.` });
  expect(await holder.paused).toBe(true);
  return holder;
}

/** The same, and eight others have asked him. */
async function begin(at: number): Promise<Play> {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const since = git(store.repo, "rev-parse", "HEAD");
  const holder = await holding(store, at);
  const answers = Promise.all(ASKED.map((words) => store.run(words, { env: SOON })));
  await vi.waitUntil(() => inBox(store, ".ask").length === ASKED.length, { timeout: 60_000, interval: 5 });
  holder.resume();
  return { store, since, holder, answers };
}

/** What is wrong once everybody has ended. */
async function judge(
  { store, since }: Play,
  answers: readonly CliResult[],
  own: boolean | undefined,
): Promise<string[]> {
  const texts = textsOf(store);
  const one = texts["t-1.md"] ?? "";
  const times = (text: string, token: string) => text.split(`${token}\n`).length - 1;
  const log = git(store.repo, "log", "--format=%an: %s", `${since}..HEAD`).split("\n");
  const wrong = [0, 1, 2].filter((n) => times(one, `asked ${n}`) !== 1).map((n) => `asked ${n} is not there once`);
  for (const n of [0, 1, 2])
    if (log.filter((line) => line === `a${n}: note t-1: asked ${n}`).length !== 1) wrong.push(`no commit of a${n}`);
  if (titled(texts, "Asked for") !== 1) wrong.push(`${titled(texts, "Asked for")} tickets were made`);
  if (!log.includes("a4: update t-2: priority")) wrong.push("t-2 was not updated");
  if (log.filter((line) => /^a[56]: claim t-3/.test(line)).length !== 1) wrong.push("t-3 is not claimed once");
  const codes = answers.map(({ code }) => code);
  const claims = codes.slice(5, 7).sort();
  if (JSON.stringify([...codes.slice(0, 5), ...claims, codes[7]]) !== "[0,0,0,0,0,0,1,1]")
    wrong.push(`they ended with ${codes}: ${answers.map(({ stderr }) => stderr).join("")}`);
  if (own !== undefined && (times(one, "by the holder") === 1) !== own) wrong.push("the holder's own change is wrong");
  if (times(one, "by the holder") > 1) wrong.push("the holder's own change is made twice");
  wrong.push(...(await nextCommand(store)));
  // Whoever was killed leaves files that nobody looks at; git gc and doctor remove them.
  wrong.push(...(await whatIsWrong(store, since)).filter((line) => !line.startsWith("temporary file left")));
  // Of whoever was killed it stays said that he comes: nobody trusts the dead.
  const left = await leftInBox(store);
  wrong.push(
    ...left.filter((file) => own !== undefined || file !== "coming").map((file) => `left in the box: ${file}`),
  );
  return wrong;
}

/**
 * Whoever stood still just before he notes what he made does so when he wakes up, also for those who have their answers:
 * that goes when the next are served.
 */
async function leftInBox(store: TempStore): Promise<string[]> {
  if (inBox(store, ".done").length > 0 || inBox(store, ".answer").length > 0) {
    const holder = await holding(store, 1_000_000);
    const asked = store.run(["ticket", "note", "t-2", "asked last"], { env: SOON });
    await vi.waitUntil(() => inBox(store, ".ask").length === 1, { timeout: 60_000, interval: 5 });
    holder.resume();
    await Promise.all([asked, holder.ended]);
  }
  return inBox(store, "");
}

test("who waits for the lock has his work done by whoever has it, in his own name, with his own answer", async () => {
  const play = await begin(1_000_000);
  const answers = await play.answers;
  expect(await play.holder.ended).toMatchObject({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  expect(answers.map(({ stdout }) => stdout).slice(0, 3)).toEqual(Array(3).fill("Note added to t-1\n"));
  expect(answers[3]?.stdout).toMatch(/^\w+-\S+\n$/);
  expect(answers[7]?.stderr).toMatch(/^error: ticket 'none-such' not found/);
  expect(await judge(play, answers, true)).toEqual([]);
  // All of them were written together, and nobody had to take the lock.
  const times = git(play.store.repo, "log", "--format=%ct", `${play.since}..HEAD`).split("\n");
  expect(Number(times[0]) - Number(times.at(-1))).toBeLessThan(15);
});

/**
 * Calls of whoever has the lock, at which he is stopped: with AYO_LONG all to his last, so many at once since most of
 * the time goes by waiting; else some of the first.
 */
const TRIED = LONG
  ? Array.from({ length: 10_000 }, (_, n) => n + 1)
  : [1].map(() => 1 + Math.floor(Math.random() * 200));
const AT_ONCE = LONG ? 4 : 1;

/** Who is asked by fewer comes to fewer calls: so often is tried whether that is it. */
const TURNS = 3;

/** Tries the calls one after the other until he does not come to one any more; `tryOne` returns whether he did. */
async function sweep(what: string, tryOne: (at: number) => Promise<boolean>): Promise<void> {
  const calls = TRIED[Symbol.iterator]();
  let tried = 0;
  let last = 0;
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (let next = calls.next(); !next.done && !isOver; next = calls.next()) {
      let hasStopped = false;
      for (let turn = 0; turn < TURNS && !hasStopped && !isOver; turn++) {
        tried++;
        hasStopped = await tryOne(next.value).catch((error) => {
          isOver = true;
          throw error;
        });
        if (!LONG) break;
      }
      isOver ||= !hasStopped;
      if (hasStopped) last = Math.max(last, next.value);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (LONG) process.stderr.write(`${what}: ${tried} plays, the last at call ${last}\n`);
}

test("whoever has the lock is killed at any moment: each of the eight is done once, or refused once", async () => {
  await sweep("killed", async (at) => {
    const play = await begin(at);
    const hasStopped = await play.holder.pausedAgain();
    if (hasStopped) play.holder.kill();
    const answers = await play.answers;
    await play.holder.ended;
    expect(await judge(play, answers, hasStopped ? undefined : true), `killed at ${at}`).toEqual([]);
    return hasStopped;
  });
});

test("whoever has the lock stands still at any moment, and wakes up later: the same", async () => {
  await sweep("stood still", async (at) => {
    const play = await begin(at);
    const hasStopped = await play.holder.pausedAgain();
    const answers = await play.answers;
    if (hasStopped) play.holder.resume();
    expect((await play.holder.ended).code, `stopped at ${at}`).toBe(0);
    expect(await judge(play, answers, true), `stopped at ${at}`).toEqual([]);
    return hasStopped;
  });
});
