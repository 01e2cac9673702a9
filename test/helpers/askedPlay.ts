import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, vi } from "vitest";
import { nextCommand, whatIsWrong } from "./expectSwept.ts";
import { git } from "./git.ts";
import { type PausedProcess, startPaused } from "./pausedProcess.ts";
import { type CliResult, LIBRARY } from "./runCli.ts";
import { copyOf, textsOf, titled } from "./sweptCommands.ts";
import { tempDir } from "./tempDir.ts";
import type { TempStore } from "./tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
/** Eight commands take their time to begin, and whoever serves them for his own change, where others work too. */
const SOON = { AYO_LOCK_STALE_MS: "300", AYO_ASK_MS: "5000", AYO_SERVE_MS: "5000" };
/** Where somebody takes the lock. */
export const LOCK = "mkdir .*/ayo/lock$";

/** What eight others want while somebody has the lock; of the two claims one is refused. */
export const ASKED: readonly (readonly string[])[] = [
  ...[0, 1, 2].map((n) => ["ticket", "note", "t-1", `asked ${n}`, "--as", `@a${n}`]),
  ["ticket", "create", "Asked for", "--as", "@a3"],
  ["ticket", "update", "t-2", "-p", "0", "--as", "@a4"],
  ["ticket", "claim", "t-3", "--as", "@a5"],
  ["ticket", "claim", "t-3", "--as", "@a6"],
  ["ticket", "note", "none-such", "lost", "--as", "@a7"],
];

/** The same by programs that call the library. */
export const CALLED: readonly (readonly string[])[] = ASKED.map(([, verb, id, ...rest], n) => {
  const as = `@a${n}`;
  if (verb === "create") return call("createTicket", { title: id, as });
  if (verb === "update") return call("updateTickets", { ids: [id], priority: 0, as });
  return verb === "claim" ? call("claimTickets", { ids: [id], as }) : call("addNote", { id, text: rest[0], as });
});

/** The words of a program that calls a function of the library. */
export function call(name: string, input: object): readonly string[] {
  return [LIBRARY, name, JSON.stringify(input)];
}

/** A play of somebody who has the lock, and of eight who ask him. */
export interface Play {
  readonly store: TempStore;
  readonly since: string;
  readonly holder: PausedProcess;
  readonly answers: Promise<readonly CliResult[]>;
}

/** Where requests lie. */
export const boxOf = (store: TempStore) => path.join(store.tickets, ".git/ayo/ask");
/** The files of requests in one state. */
export const inBox = (store: TempStore, state: string): string[] =>
  existsSync(boxOf(store)) ? readdirSync(boxOf(store)).filter((file) => file.endsWith(state)) : [];

/** Somebody has the lock and stands still; he stops again at his `at`-th call. */
async function holding(
  store: TempStore,
  at: number,
  words: readonly string[] = ["ticket", "note", "t-1", "by the holder"],
): Promise<PausedProcess> {
  const holder = startPaused(store, [2, at], words, { env: SOON, from: `${LOCK}\n.` });
  expect(await holder.paused).toBe(true);
  return holder;
}

/** The same, and eight others have asked him. */
export async function begin(
  template: TempStore,
  at: number,
  { asked = ASKED, holds }: { readonly asked?: typeof ASKED; readonly holds?: readonly string[] } = {},
): Promise<Play> {
  const store = copyOf(template, path.join(tempDir(), "p"));
  const since = git(store.repo, "rev-parse", "HEAD");
  const holder = await holding(store, at, holds);
  const answers = Promise.all(asked.map((words) => store.run(words, { env: SOON })));
  await vi.waitUntil(() => inBox(store, ".ask").length === asked.length, { timeout: 60_000, interval: 5 });
  holder.resume();
  return { store, since, holder, answers };
}

/** Between the first commit of a play and the last, in seconds: what is written together is so at once. */
export function secondsOf({ store, since }: Play): number {
  const times = git(store.repo, "log", "--format=%ct", `${since}..HEAD`).split("\n");
  return Number(times[0]) - Number(times.at(-1));
}

/** What is wrong once everybody has ended. */
export async function judge(
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
export async function sweep(what: string, tryOne: (at: number) => Promise<boolean>): Promise<void> {
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
