import { cpSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { gitRepo } from "../helpers/gitRepo.ts";
import { judge } from "../helpers/interleaving/judge.ts";
import type { Memory } from "../helpers/interleaving/judgeHistory.ts";
import { keepScript, scriptOf } from "../helpers/interleaving/script.ts";
import { FIRST, openStage } from "../helpers/interleaving/stage.ts";
import { type Step, step } from "../helpers/interleaving/steps.ts";
import { removeTree, tempDir } from "../helpers/tempDir.ts";
import { storeIn, type TempStore, tempStore } from "../helpers/tempStore.ts";

const LONG = process.env.AYO_LONG === "1";
const RUNS = Number(process.env.AYO_RUNS ?? (LONG ? 300 : 3));
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

/** Performs a play on a store of its own and judges it at every rest. @throws with a script that does the same */
async function play(inline: boolean, given: readonly Step[]): Promise<void> {
  const steps = given
    .map((one) => (one.do === "run" && process.env.CALM ? { ...one, at: null, wait: true } : one))
    .filter((one) => !process.env.CALM || one.do !== "hand" || !["held", "copy"].includes(one.what)); // CALM
  if (performance.now() > deadline) return;
  const folder = tempDir(() => {});
  const dir = path.join(folder, "p");
  cpSync((templates[inline ? 1 : 0] as TempStore).dir, dir, { recursive: true, preserveTimestamps: true });
  const stage = openStage(storeIn(dir, inline));
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
    removeTree(folder);
  }
  if (wrong.length === 0) return;
  if (deadline === Number.POSITIVE_INFINITY) deadline = performance.now() + SHRINKING_MS;
  const script = scriptOf(stage.script, inline);
  throw new Error(`${wrong.join("\n")}\nThe same by AYO=… bash ${keepScript(script)}\n${stage.script.join("\n")}`);
}

test("whatever four actors, a person's hands, git, pauses and kills do between each other: what was acknowledged is there once", async () => {
  const size = { minLength: 6, maxLength: 28 };
  await fc.assert(fc.asyncProperty(fc.boolean(), fc.array(step, size), play), { numRuns: RUNS });
});
