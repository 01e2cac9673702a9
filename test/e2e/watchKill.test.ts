import { spawn } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { TicketEvent } from "../../src/ticket/events/events.ts";
import { git } from "../helpers/git.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { CLI } from "../helpers/runCli.ts";
import { type TempStore, tempStore } from "../helpers/tempStore.ts";

const WRITER = path.resolve(import.meta.dirname, "../helpers/writer.mjs");
/** How often the watcher is killed. */
const KILLS = process.env.AYO_LONG === "1" ? 100 : 9;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Three processes that change the store through the library, until the returned function is called. */
function startWriters({ dir, tickets }: TempStore): () => Promise<void> {
  const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
  const children = Array.from({ length: 3 }, () => {
    const child = spawn(process.execPath, [WRITER, tickets], { cwd: dir, env, stdio: ["ignore", "ignore", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    return { child, ended: new Promise<void>((resolve) => child.on("close", () => resolve())) };
  });
  return async () => {
    for (const { child } of children) child.kill("SIGKILL");
    await Promise.all(children.map(({ ended }) => ended));
  };
}

/** Somebody who saves a ticket in an editor again and again. */
function startEditor(store: TempStore, id: string): () => Promise<number> {
  let goesOn = true;
  const file = path.join(store.tickets, `${id}.md`);
  const work = (async () => {
    let saves = 0;
    for (; goesOn; await pause(120)) {
      writeFileSync(`${file}.swp`, readFileSync(file, "utf8").replace(/^priority: .*/m, `priority: ${saves++ % 5}`));
      renameSync(`${file}.swp`, file);
    }
    return saves;
  })();
  return () => {
    goesOn = false;
    return work;
  };
}

/** Watches from `since` on until it is killed after `ms`; the events whose lines it finished. */
async function watchAndKill({ dir }: TempStore, since: string, ms: number): Promise<TicketEvent[]> {
  const env = hermeticEnv(sharedHome()) as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [CLI, "watch", "--json", "--since", since], { cwd: dir, env });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await pause(ms);
  child.kill("SIGKILL");
  await ended;
  const lines = out.split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TicketEvent);
}

test(`a watcher killed ${KILLS} times while four write: its stream has every event once, in order`, async () => {
  const store = await tempStore();
  const start = git(store.tickets, "rev-parse", "HEAD");
  const id = await store.ayo("ticket", "create", "Edited by hand");
  const stopWriters = startWriters(store);
  const stopEditor = startEditor(store, id);
  const stream: TicketEvent[] = [];
  for (let n = 0; n < KILLS; n++) {
    const isReplay = n % 4 === 3;
    stream.push(...(await watchAndKill(store, stream.at(-1)?.id ?? start, isReplay ? 900 : 100 + Math.random() * 350)));
  }
  // A machine that is slow is given the time to have written something.
  const commits = (): number => Number(git(store.tickets, "rev-list", "--count", `${start}..HEAD`));
  await vi.waitUntil(() => commits() > 3 * KILLS, { timeout: 120_000, interval: 200 });
  expect(await stopEditor()).toBeGreaterThan(KILLS / 2);
  await stopWriters();
  await store.ayo("ticket", "create", "The next command");
  const last = await store.ayo("watch", "--json", "--since", stream.at(-1)?.id ?? start, "--until-now");
  stream.push(...last.split("\n").map((line) => JSON.parse(line) as TicketEvent));
  const whole = (await store.ayo("watch", "--json", "--since", start, "--until-now")).split("\n");
  expect(stream.filter(({ cause }) => cause.commit !== null)).toEqual(whole.map((line) => JSON.parse(line)));
  expect(whole.length).toBeGreaterThan(2 * KILLS);
  const { problems } = await store.json<{ problems: unknown[] }>("ticket", "list");
  expect(problems).toEqual([]);
  store.judge();
}, 300_000);
