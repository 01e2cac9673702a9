import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { gitRepo } from "../helpers/gitRepo.ts";
import { hermeticEnv, sharedHome } from "../helpers/hermeticEnv.ts";
import { ticketFiles } from "../helpers/interleaving/files.ts";
import { judge } from "../helpers/interleaving/judge.ts";
import type { Memory } from "../helpers/interleaving/judgeHistory.ts";
import { keepScript, scriptOf } from "../helpers/interleaving/script.ts";
import { FIRST, openStage, type Stage } from "../helpers/interleaving/stage.ts";
import { type Git, type Hand, type RunStep, type Step, step, type Verb } from "../helpers/interleaving/steps.ts";
import { CLI } from "../helpers/runCli.ts";
import { removeTree, tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
const RUNS = Number(process.env.AYO_RUNS ?? (LONG ? 300 : 1));
/** A failing play once more: AYO_PLAY='{"seed": …, "path": "…"}' as it was printed. */
const AGAIN = JSON.parse(process.env.AYO_PLAY ?? "{}");
/** A play that fails is made shorter for so long. In milliseconds. */
const SHRINKING_MS = LONG ? 900_000 : 30_000;
/** Everybody has ended, and the store is judged, after so many steps at the latest. */
const SETTLED_EVERY = 7;

vi.setConfig({ testTimeout: 7_200_000 });

let templates: readonly TempStore[] = [];
beforeAll(async () => {
  const removals: (() => void)[] = [];
  const make = async (inline: boolean): Promise<TempStore> => {
    const store = await tempStore({ inline, at: gitRepo((remove) => removals.push(remove)) });
    const lines = ["t-0", ...FIRST].map((id) => JSON.stringify({ id, title: `Ticket ${id}`, description: "Text" }));
    expect(
      (await store.run(["--as", "@setup", "import", "-", "--from", "jsonl"], { input: lines.join("\n") })).code,
    ).toBe(0);
    return store;
  };
  templates = [await make(false), await make(true)];
  return () => {
    for (const remove of removals) remove();
  };
});

let deadline = Number.POSITIVE_INFINITY;

/** What all plays together were made of. */
const counts = new Map<string, number>();
const count = (what: string, by = 1) => counts.set(what, (counts.get(what) ?? 0) + by);

/** Performs a play and judges it at every rest; what is wrong, in sentences. */
async function perform(stage: Stage, steps: readonly Step[]): Promise<string[]> {
  const memory: Memory = { told: [], written: new Map(), head: "" };
  const wrong: string[] = [];
  try {
    for (const [at, one] of [...steps, { do: "settle" } as const].entries()) {
      if (one.do !== "settle") await stage.perform(one);
      if (one.do !== "settle" && at % SETTLED_EVERY !== SETTLED_EVERY - 1) continue;
      await stage.settle();
      wrong.push(...(await judge(stage, memory)));
      if (wrong.length > 0) break;
    }
  } catch (error) {
    wrong.push(`the play breaks off: ${(error as Error).stack}`);
  } finally {
    stage.close();
  }
  for (const { outcome } of memory.told) count(`commands ${outcome}`);
  for (const line of stage.script) count(/SIG\w+|^(?!start)\w+/.exec(line)?.[0] ?? "commands not stopped");
  return wrong;
}

/** Runs `work` on a stage of its own. */
async function onStage<T>(inline: boolean, work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = tempDir(() => {});
  const dir = path.join(folder, "p");
  cpSync((templates[inline ? 1 : 0] as TempStore).dir, dir, { recursive: true, preserveTimestamps: true });
  try {
    return await work(openStage(storeIn(dir, inline)));
  } finally {
    removeTree(folder);
  }
}

/** @throws what is wrong, with a script that does the same */
async function play(inline: boolean, steps: readonly Step[]): Promise<void> {
  if (performance.now() > deadline) return;
  await onStage(inline, async (stage) => {
    const wrong = await perform(stage, steps);
    if (wrong.length === 0) return;
    if (deadline === Number.POSITIVE_INFINITY) deadline = performance.now() + SHRINKING_MS;
    const file = keepScript(scriptOf(stage.script, inline));
    throw new Error(`${wrong.join("\n")}\nThe same by AYO=/path/to/ayo bash ${file}\n${stage.script.join("\n")}`);
  });
}

test("whatever four actors, a person's hands, git, pauses and kills do between each other: what was acknowledged is there once", async () => {
  const size = { minLength: 6, maxLength: 28 };
  try {
    await fc.assert(fc.asyncProperty(fc.boolean(), fc.array(step, size), play), { numRuns: RUNS, ...AGAIN });
  } finally {
    if (LONG)
      console.log(
        [...counts]
          .map(([what, times]) => `${times} ${what}`)
          .sort()
          .join(", "),
      );
  }
});

const run = (actor: number, verb: Verb, of: number, at: RunStep["at"] = null): Step => {
  return { do: "run", actor, verb, of, other: of + 1, at, wait: true };
};
const hand = (what: Hand, of: number): Step => ({ do: "hand", what, of });
const git = (what: Git, of = 0): Step => ({ do: "git", what, of });

/** Some of each kind of step. */
const SOME: readonly Step[] = [
  ...[run(0, "note", 0, { call: 100, by: "SIGSTOP" }), hand("append", 0), git("commit"), run(1, "batch", 1)],
  ...[hand("held", 5), { do: "resume", actor: 0 } as const],
];

/** Every kind of step once. */
const EVERYTHING: readonly Step[] = [
  ...[run(1, "create", 0), hand("new", 0), hand("append", 3), hand("held", 0), run(2, "note", 0), hand("held", 0)],
  ...[hand("field", 1), hand("field", 1), run(0, "update", 2), hand("rename-save", 2), git("commit"), git("pull", 2)],
  ...[hand("break", 1), run(3, "close", 4), hand("copy", 0), git("side"), run(1, "batch", 0), git("back"), git("gc")],
  ...[run(0, "note", 0, { call: 100, by: "SIGSTOP" }), hand("append", 0), run(2, "link", 0), git("log")],
  ...[{ do: "resume", actor: 0 } as const, run(1, "note", 1, { call: 90, by: "SIGKILL" }), run(1, "archive", 0)],
  ...[run(3, "note", 2, { call: 30, by: "SIGSTOP" }), { do: "kill", actor: 3 } as const, run(0, "undo", 0)],
];

/** The tickets of a store, whatever ids and times were given. */
function outline(tickets: string): string[] {
  const ids = new Map<string, string>();
  const texts = ticketFiles(tickets).map((file) => {
    const text = readFileSync(path.join(tickets, file), "utf8");
    ids.set(path.basename(file, ".md"), /^# (.*)$/m.exec(text)?.[1] ?? "");
    return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME");
  });
  return texts.map((text) => [...ids].reduce((all, [id, title]) => all.replaceAll(id, title), text)).sort();
}

test("the script that a failing play leaves does what the play did", async () => {
  await onStage(false, async (stage) => {
    expect(await perform(stage, LONG ? EVERYTHING : SOME)).toEqual([]);
    const folder = tempDir();
    const ayo = path.join(folder, "ayo");
    writeFileSync(ayo, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`, { mode: 0o755 });
    const script = keepScript(scriptOf(stage.script, false));
    const { status, stdout, stderr } = spawnSync("bash", [script, folder], {
      env: { ...hermeticEnv(sharedHome()), AYO: ayo } as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
    expect([status, stdout.match(/^WRONG.*/gm), stderr.match(/play\.sh: line \d+: (?! *\d+ Killed).*/g)]).toEqual([
      0,
      null,
      null,
    ]);
    expect(outline(path.join(folder, "project/.tickets"))).toEqual(outline(stage.store.tickets));
    rmSync(path.dirname(script), { recursive: true });
  });
});
