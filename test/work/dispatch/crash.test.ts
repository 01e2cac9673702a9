import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { hermeticEnv } from "../../helpers/hermeticEnv.ts";
import { CLI } from "../../helpers/runCli.ts";
import { type DispatchScene, dispatchScene, type Turn } from "../../helpers/work/dispatchScene.ts";

const LONG = process.env.AYO_LONG === "1";
vi.setConfig({ testTimeout: LONG ? 3_600_000 : 300_000 });

const CRASH_AT = path.resolve(import.meta.dirname, "../../helpers/crashAt.cjs");
/** Of the dispatcher's changes of the disk, each so-many-th is one that it is killed at. */
const STEP = Number(process.env.AYO_CRASH_STEP ?? (LONG ? 1 : 151));
/** Fewer than that are counted only once something is wrong with the counting. */
const LEAST = 60;

/** Notes that it begins, and whether another one of the same ticket is alive. */
function watchful(file: string): readonly Turn[] {
  const look = `for p in $(cat ${file} 2>/dev/null); do kill -0 $p 2>/dev/null && echo double >> ${file}.double; done`;
  return [{ sh: `${look}; echo $PPID >> ${file}` }, { ms: 150 }, { write: { "work.txt": "done" } }, { text: "ok" }];
}

/** A dispatcher that is killed at its `at`-th change of the disk, or at once ended well before. */
function killedAt({ dir, env }: DispatchScene, at: number): Promise<number | null> {
  const all = { ...hermeticEnv(String(env.HOME)), ...env, AYO_CRASH_AT: String(at) };
  const child = spawn(process.execPath, ["--require", CRASH_AT, CLI, "work", "--once"], {
    cwd: dir,
    env: all,
    stdio: "ignore",
  });
  return new Promise((resolve) => child.once("close", (code) => resolve(code)));
}

describe("a dispatcher that is killed", () => {
  test("at whatever change of the disk: the next one brings its ticket to an end, by one agent at a time", async () => {
    const scene = await dispatchScene({ agents: { "@coder": "max: 5" } });
    let at = Number(process.env.AYO_CRASH_FROM ?? 1 + Math.floor(Math.random() * STEP));
    for (; ; at += STEP) {
      const file = path.join(scene.dir, `begun-${at}`);
      const id = await scene.ticket(`Killed at ${at}`, watchful(file));
      const code = await killedAt(scene, at);
      const { stdout, stderr } = await scene.cli("work", "--once");
      const story = `${at}: ${id}\n${stdout}${stderr}\n${scene.text(id)}`;
      expect([at, scene.status(id)], story).toEqual([at, "closed"]);
      expect([at, existsSync(`${file}.double`), await scene.living()], story).toEqual([at, false, 0]);
      expect(scene.ends(id).filter((line) => line.includes(": ok")).length, story).toBe(1);
      expect(readFileSync(path.join(`${scene.dir}.work`, id, "work.txt"), "utf8")).toBe("done");
      const live = (await scene.runs(id)).filter(({ state }) => state !== "ended");
      expect(live, story).toEqual([]);
      if (code !== null) break;
    }
    expect(at).toBeGreaterThan(LEAST);
    scene.store.judge();
  });
});
