import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { startPaused } from "../../helpers/pausedProcess.ts";
import { type DispatchScene, dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 7_200_000 : 120_000 });

/** The dispatcher is stopped at each so-many-th of its changes of the disk; in `npm test` at two of them, at random. */
const STEP = Number(process.env.AYO_STOP_STEP ?? 1);
const FEW = 2;
/** It makes some more than that. */
const CALLS = 300;

/** Notes that it begins, and whether another one of the same ticket is alive. */
function watchful(file: string): readonly Turn[] {
  const look = `for p in $(cat ${file} 2>/dev/null); do kill -0 $p 2>/dev/null && echo double >> ${file}.double; done`;
  return [{ sh: `${look}; echo $PPID >> ${file}` }, { ms: 150 }, { text: "ok" }];
}

/** Whether the dispatcher came to that change at all. */
async function stoppedAt(scene: DispatchScene, at: number): Promise<boolean> {
  const file = path.join(scene.dir, `begun-${at}`);
  const id = await scene.ticket(`Stopped at ${at}`, watchful(file));
  const env = { ...hermeticEnv(String(scene.env.HOME)), ...scene.env };
  const first = startPaused(scene.store, at, ["work", "--once"], { env });
  const stood = await first.paused;
  const second = await scene.cli("work", "--once");
  first.resume();
  const { stdout, stderr } = await first.ended;
  const third = await scene.cli("work", "--once");
  const story = `${at}: ${id}\n${stdout}${stderr}\n2: ${second.stdout}${second.stderr}\n3: ${third.stdout}${third.stderr}\n${scene.text(id)}`;
  expect([at, scene.status(id), existsSync(`${file}.double`), await scene.living()], story).toEqual([
    at,
    "closed",
    false,
    0,
  ]);
  expect(scene.ends(id).filter((line) => line.includes(": ok")).length, story).toBe(1);
  const live = (await scene.runs(id)).filter(({ state }) => state !== "ended");
  expect(live, story).toEqual([]);
  return stood;
}

test("a dispatcher that is stopped at a change of the disk while another one works, and goes on: one agent at a time, one end", async () => {
  const scene = await dispatchScene({ agents: { "@coder": "max: 5" } });
  const random = (): number => 1 + Math.floor(Math.random() * CALLS);
  let at = Number(process.env.AYO_STOP_FROM ?? 1);
  if (LONG) while (await stoppedAt(scene, at)) at += STEP;
  else for (let n = 0; n < FEW; n++) expect(await stoppedAt(scene, random())).toBe(true);
  if (LONG) expect(at).toBeGreaterThan(CALLS);
  scene.store.judge();
});

test("a clock that is set by an hour, forth and back, takes no claim from an agent at work, and starts no other", async () => {
  const scene = await dispatchScene();
  const clock = path.join(scene.dir, "../clock");
  const preload = path.resolve(import.meta.dirname, "../../helpers/clockFrom.cjs");
  Object.assign(scene.env, { AYO_TEST_CLOCK: clock, NODE_OPTIONS: `--require ${preload}` });
  const go = path.join(scene.dir, "../go");
  const id = await scene.ticket("Long", [
    { sh: "ayo ticket note $AYO_TICKET begun" },
    { sh: `until [ -e ${go} ]; do sleep 0.1; done; ayo ticket note $AYO_TICKET still-mine` },
    { text: "ok" },
  ]);
  const dispatcher = scene.work();
  await vi.waitUntil(() => scene.text(id).includes("\nbegun"), { timeout: 60_000 });
  const lease = (): number => Date.parse(/^lease: (.*)$/m.exec(scene.text(id))?.[1] ?? "");
  const before = lease();
  writeFileSync(clock, String(3_600_000));
  await vi.waitUntil(() => lease() > before + 3_000_000, { timeout: 60_000 });
  expect(await scene.ayo("work", "--once")).not.toContain("started");
  writeFileSync(clock, "0");
  expect(await scene.ayo("work", "--once")).not.toContain("started");
  writeFileSync(go, "");
  await dispatcher.until(/ended: ok/);
  await dispatcher.end();
  expect([scene.status(id), scene.ends(id).length, (await scene.runs(id)).length]).toEqual(["closed", 1, 1]);
  expect(scene.text(id)).toContain("still-mine");
});
