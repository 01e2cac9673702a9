import { beforeAll, expect, test, vi } from "vitest";
import { begin as beginIn, judge, type Play, secondsOf, sweep } from "../helpers/askedPlay.ts";
import { laterCleanUp } from "../helpers/laterCleanUp.ts";
import { sweptStore } from "../helpers/sweptCommands.ts";
import type { TempStore } from "../helpers/tempStore.ts";

/*
 * Commands that find the store locked ask whoever has the lock to do their work (src/cli/ask, store/requests/box.ts).
 * Whatever happens to him, each is done once, or refused once.
 */

vi.setConfig({ testTimeout: process.env.AYO_LONG === "1" ? 7_200_000 : 300_000 });

const cleanUp = laterCleanUp();
let template: TempStore;
beforeAll(async () => {
  template = await sweptStore(false, cleanUp);
});
const begin = (at: number): Promise<Play> => beginIn(template, at);

test("who waits for the lock has his work done by whoever has it, in his own name, with his own answer", async () => {
  const play = await begin(1_000_000);
  const answers = await play.answers;
  expect(await play.holder.ended).toMatchObject({ code: 0, stdout: "Note added to t-1\n", stderr: "" });
  expect(answers.map(({ stdout }) => stdout).slice(0, 3)).toEqual(Array(3).fill("Note added to t-1\n"));
  expect(answers[3]?.stdout).toMatch(/^\w+-\S+\n$/);
  expect(answers[7]?.stderr).toMatch(/^error: ticket 'none-such' not found/);
  expect(await judge(play, answers, true)).toEqual([]);
  // All of them were written together, and nobody had to take the lock.
  expect(secondsOf(play)).toBeLessThan(15);
});

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
